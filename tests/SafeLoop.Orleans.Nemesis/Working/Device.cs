using SafeLoop;

namespace ClusterNemesis.Working;

/// <summary>The keyed task of all silos.</summary>
internal sealed class Device(JudgeClient judge, ShiftedTime time) : IRecurringTask<int>
{
    public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
    {
        await Task.Delay(Plan.WorkOf(key), time, Plan.IsObstinate(key) ? CancellationToken.None : cancellationToken);
        await judge.WriteAsync(Plan.KeyedLoop(key), iteration.Slot, iteration.FencingToken);
    }
}
