namespace Targets.Leaks;

internal sealed class ThroughTaskRun : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        await work.StepAsync();
        await Task.Run(() => PollAsync(work)); // recurs
    }
}
