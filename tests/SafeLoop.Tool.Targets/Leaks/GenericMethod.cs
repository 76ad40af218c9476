namespace Targets.Leaks;

internal sealed class GenericMethod<TItem> : ITarget
{
    public Task RunAsync(Work work) => PollAsync<int>(work, default);

    private async Task<TState> PollAsync<TState>(Work work, TState state)
    {
        await work.StepAsync();
        return await PollAsync(work, state); // recurs
    }
}
