namespace Targets.Leaks;

internal sealed class SelfAwaitOfValueTask : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work).AsTask();

    private static async ValueTask PollAsync(Work work)
    {
        await work.StepAsync();
        await PollAsync(work); // recurs
    }
}
