namespace Targets.Leaks;

internal sealed class ThroughWhenAll : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        await work.StepAsync();
        await Task.WhenAll(PollAsync(work), Task.CompletedTask); // recurs
    }
}
