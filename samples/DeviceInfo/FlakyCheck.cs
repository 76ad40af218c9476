using SafeLoop;

namespace DeviceInfo;

/// <summary>Fails on purpose at every fourth iteration, to show that the loop does not mind.</summary>
internal sealed class FlakyCheck : IRecurringTask
{
    public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => iteration.Number % 4 == 2
        ? throw new IOException("The check failed on purpose.")
        : ValueTask.CompletedTask;
}
