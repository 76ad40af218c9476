namespace Targets.Leaks;

/// <summary>What waits is registered with a token that a static field holds, beside the chain.</summary>
internal sealed class ThroughStaticToken : ITarget
{
    private static readonly CancellationTokenSource Stop = new();

    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        await work.StepAsync();
        await PollAsync(work).WaitAsync(Stop.Token); // recurs
    }
}
