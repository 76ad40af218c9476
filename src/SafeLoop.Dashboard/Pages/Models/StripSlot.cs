namespace SafeLoop.Dashboard;

/// <summary>One slot of a strip or a chart, or several consecutive ones with the same outcome.</summary>
/// <param name="Slot">The slot; the last of several.</param>
/// <param name="Count">How many slots.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why.</param>
/// <param name="Elapsed">How long it took; of several, the longest.</param>
/// <param name="Lateness">How late it began.</param>
/// <param name="Key">The key; null: none.</param>
internal sealed record StripSlot(
    DateTimeOffset Slot,
    long Count,
    IterationOutcome Outcome,
    OutcomeReason Reason,
    TimeSpan Elapsed,
    TimeSpan Lateness,
    string? Key)
{
    public bool HasRun => Outcome is not (IterationOutcome.Skipped or IterationOutcome.None);

    public static StripSlot From(HistoryEntry entry) => From(entry.Record, entry.Key) with
    {
        Elapsed = entry.LongestElapsed > TimeSpan.Zero ? entry.LongestElapsed : entry.Record.Elapsed,
    };

    public static StripSlot From(IterationRecord record, string? key) =>
        new(record.Slot, record.Count, record.Outcome, record.Reason, record.Elapsed, record.Lateness, key);
}
