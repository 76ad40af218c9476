namespace SafeLoop.Tests.Persistence;

/// <summary>A keyed task that does nothing.</summary>
internal sealed class IdleKey : IRecurringTask<int>
{
    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
