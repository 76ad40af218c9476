using SafeLoop;

namespace DashboardSample;

/// <summary>A loop per device, ten thousand of them. Every five-hundredth does not answer.</summary>
internal sealed class PollDevice : IRecurringTask<int>
{
    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
        key % 500 == 0 ? throw new TimeoutException($"Device {key} does not answer.") : ValueTask.CompletedTask;
}
