namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A keyed task that writes down what runs.</summary>
internal sealed class LoggedKey(List<string> runs) : IRecurringTask<string>
{
    public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken)
    {
        runs.Add($"{key} {iteration.Slot:HH:mm}");
        if (key == "bad")
            throw new InvalidOperationException("It is bad.");
        return ValueTask.CompletedTask;
    }
}
