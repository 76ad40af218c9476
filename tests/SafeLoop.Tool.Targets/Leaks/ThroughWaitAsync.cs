namespace Targets.Leaks;

internal sealed class ThroughWaitAsync : ITarget
{
    private readonly CancellationTokenSource _stop = new();

    public Task RunAsync(Work work) => PollAsync(work);

    private async Task PollAsync(Work work)
    {
        await work.StepAsync();
        await PollAsync(work).WaitAsync(_stop.Token); // recurs
    }
}
