namespace SafeLoop.Dashboard.Tests;

/// <summary>A task by key: every eighth device does not answer.</summary>
internal sealed class PollDevice : IRecurringTask<string>
{
    public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) =>
        key[^1] == '8' ? throw new TimeoutException($"{key} does not answer.") : ValueTask.CompletedTask;
}
