using DeviceInfo.Device;
using DeviceInfo.Store;
using SafeLoop;

namespace DeviceInfo.View;

/// <summary>Takes screens of the running program.</summary>
internal sealed class ScreenSource(
    IRecurringTasks tasks, DeviceReader reader, DeviceStore store, HeapGauge heap, TimeProvider clock)
{
    public Screen Look() => new(
        clock.GetLocalNow(),
        [.. tasks.All.Select(task => Row(task.Snapshot()))],
        reader.Latest,
        store.Path,
        store.RowsWritten,
        heap.AtStart,
        heap.Now());

    /// <summary>The last look, its heap measured this moment.</summary>
    public Screen LookAtEnd() => Look() with { HeapNow = heap.Measure() };

    private static TaskRow Row(RecurringTaskSnapshot task) => new(
        task.Name,
        task.State.ToString(),
        task.LastOutcome?.ToString(),
        task.LastOutcome is IterationOutcome.Failed or IterationOutcome.TimedOut ? task.LastException?.Message : null,
        task.NextSlot,
        task.Iterations,
        Outcomes(task));

    private static Dictionary<string, long> Outcomes(RecurringTaskSnapshot task) =>
        new (IterationOutcome Outcome, long Count)[]
        {
            (IterationOutcome.Succeeded, task.Succeeded),
            (IterationOutcome.Failed, task.Failed),
            (IterationOutcome.TimedOut, task.TimedOut),
            (IterationOutcome.Interrupted, task.Interrupted),
            (IterationOutcome.Skipped, task.Skipped),
        }
        .Where(pair => pair.Count > 0)
        .ToDictionary(pair => pair.Outcome.ToString(), pair => pair.Count);
}
