namespace Targets.Leaks;

internal sealed class SelfAwaitOfResult : ITarget
{
    public Task RunAsync(Work work) => CountAsync(work, 0);

    private async Task<int> CountAsync(Work work, int seen)
    {
        await work.StepAsync();
        return 1 + await CountAsync(work, seen + 1); // recurs
    }
}
