namespace SafeLoop.Tests.Persistence;

/// <summary>Fails with a message that names its key.</summary>
internal sealed class FailingKeys : IRecurringTask<string>
{
    public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"bad {key}");
}
