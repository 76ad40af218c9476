using SafeLoop;

namespace ClusterSample;

/// <summary>What runs for each device.</summary>
internal sealed class UpdateDevice(RunFile runs) : IRecurringTask<int>
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
    {
        runs.Note(key, iteration.Slot);
        return ValueTask.CompletedTask;
    }
}
