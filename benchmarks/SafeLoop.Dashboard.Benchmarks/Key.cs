namespace SafeLoop.Dashboard.Benchmarks;

/// <summary>The task of a key. One of a thousand fails.</summary>
internal sealed class Key : IRecurringTask<int>
{
    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
        key % 1_000 == 0 ? throw new TimeoutException("The device does not answer.") : default;
}
