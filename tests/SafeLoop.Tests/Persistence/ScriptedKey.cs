namespace SafeLoop.Tests.Persistence;

/// <summary>A keyed task that does what a test demands of each key.</summary>
internal sealed class ScriptedKey<TKey>(KeyScript script) : IRecurringTask<TKey>
    where TKey : notnull
{
    public ValueTask RunAsync(TKey key, Iteration iteration, CancellationToken cancellationToken) =>
        script.IsFailing ? throw new InvalidOperationException("bad") : script.RunAsync($"{key}", iteration, cancellationToken);
}
