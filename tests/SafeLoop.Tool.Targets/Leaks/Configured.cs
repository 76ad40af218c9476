namespace Targets.Leaks;

internal sealed class Configured : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        await work.StepAsync().ConfigureAwait(false);
        await PollAsync(work).ConfigureAwait(false); // recurs
    }
}
