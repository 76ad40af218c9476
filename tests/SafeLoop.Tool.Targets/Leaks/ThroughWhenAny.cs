namespace Targets.Leaks;

internal sealed class ThroughWhenAny : ITarget
{
    private readonly TaskCompletionSource _stopped = new();

    public Task RunAsync(Work work) => PollAsync(work);

    private async Task PollAsync(Work work)
    {
        await work.StepAsync();
        await Task.WhenAny(PollAsync(work), _stopped.Task); // recurs
    }
}
