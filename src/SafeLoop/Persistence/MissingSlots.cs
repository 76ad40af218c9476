using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Finds the slots of a loop that have no outcome yet.</summary>
/// <param name="task">The name of the task.</param>
/// <param name="rules">The rules for its slots; null: the task was removed.</param>
/// <param name="time">The clock.</param>
internal sealed class MissingSlots(string task, Func<SlotRules?> rules, TimeProvider time)
{
    /// <summary>What is left of several slots when another host has recorded the first of them; null: nothing.</summary>
    /// <param name="entry">The slots.</param>
    /// <param name="last">The last slot that has an outcome or a claim.</param>
    public HistoryEntry? Rest(HistoryEntry entry, DateTimeOffset last) =>
        rules()?.CountAfter(last, entry.Record.Slot) is not { Count: > 0 } rest ? null : entry with
        {
            Record = entry.Record with { Count = rest.Count },
            FirstSlot = rest.Count > 1 ? rest.First.ToDateTimeOffset() : null,
        };

    /// <summary>The slots between two, as skipped because no host was there for them; null: there is none.</summary>
    /// <param name="last">The last slot that has an outcome or a claim.</param>
    /// <param name="first">The first slot of this host.</param>
    public HistoryEntry? Between(DateTimeOffset last, DateTimeOffset first) =>
        rules()?.Before(first, TimeSpan.Zero) is not { IsNone: false } before || before.ToDateTimeOffset() <= last ? null
            : Rest(Skipped(before.ToDateTimeOffset()), last);

    /// <summary>A slot as skipped because no host was there for it.</summary>
    public HistoryEntry Skipped(DateTimeOffset slot) => new()
    {
        TaskName = task,
        Record = new()
        {
            Slot = slot,
            Started = time.GetUtcNow(),
            Outcome = IterationOutcome.Skipped,
            Reason = OutcomeReason.HostDown,
        },
    };
}
