using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

/// <summary>What the steps of keys do, by the texts of the keys, and what has run.</summary>
internal sealed class KeyScript
{
    public List<string> Runs { get; } = [];

    public HashSet<string> Failing { get; } = [];

    /// <summary>True: all keys fail. The texts of the keys are not read.</summary>
    public bool IsFailing { get; init; }

    public HashSet<string> Ending { get; } = [];

    public HashSet<string> Blocked { get; } = [];

    /// <summary>How often a key has run.</summary>
    public int Count(string key) => Runs.Count(run => run.StartsWith($"{key} ", StringComparison.Ordinal));

    public async ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken)
    {
        Runs.Add($"{key} {iteration.Slot:HH:mm}");
        if (Blocked.Contains(key))
            await Task.Delay(10.Days, iteration.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        if (Ending.Contains(key))
            iteration.StopLoop("all is done");
        if (Failing.Contains(key))
            throw new InvalidOperationException("bad");
    }
}
