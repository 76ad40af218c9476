namespace SafeLoop.Tests.History.Oracle;

/// <summary>The keyed task of the years: what it does for a key, the year says.</summary>
internal sealed class Device(Device.Script script) : IRecurringTask<string>
{
    public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) =>
        script.RunAsync(key, iteration, cancellationToken);

    internal sealed record Script(Func<string, Iteration, CancellationToken, ValueTask> RunAsync);
}
