using SafeLoop.Scale.Measuring;

namespace SafeLoop.Store.Loops;

/// <summary>Notes how late it is.</summary>
internal sealed class NotingStep : IRecurringTask<int>
{
    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
    {
        Lateness.Note(iteration.Slot);
        return ValueTask.CompletedTask;
    }
}
