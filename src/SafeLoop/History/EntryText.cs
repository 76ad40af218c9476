namespace SafeLoop;

/// <summary>Writes the sentence about a slot that has an entry.</summary>
/// <param name="subject">The task, and its key, in quotes.</param>
/// <param name="time">Writes instants.</param>
/// <param name="lockName">The lock of the task; null: none, or unknown.</param>
internal sealed class EntryText(string subject, TimeText time, string? lockName)
{
    private const int LongestError = 300;

    /// <summary>The sentence, without its full stop, about a slot of an entry.</summary>
    public string Describe(HistoryEntry entry, DateTimeOffset slot)
    {
        var record = entry.Record;
        var what = record.IsManual ? "run by hand" : "slot";
        return $"The {what} of {subject} at {time.At(slot)} {Predicate(record)}{Error(record)}{Alike(entry)}"
            + $"{Run(record)}{Owner(entry)}";
    }

    /// <summary>The sentence, without its full stop, about an instant that lies among the slots of an entry.</summary>
    public string DescribeAmong(HistoryEntry entry, DateTimeOffset instant)
    {
        var from = entry.FirstSlot is { } first ? $"from {time.At(first)} to" : "up to";
        return $"{subject} has no record of {time.At(instant)} alone: it lies among {TimeText.Count(entry.Record.Count)} slots "
            + $"{from} {time.At(entry.Record.Slot)}, each of which {Predicate(entry.Record)}";
    }

    public string Predicate(in IterationRecord record) => OutcomeText.Describe(record.Outcome, record.Reason, lockName);

    private static string Error(in IterationRecord record) => record.Error is not { } error ? ""
        : record.Outcome is IterationOutcome.Skipped ? $" ({Printable.Escape(error, LongestError).TrimEnd('.')})"
        : $" with '{Printable.Escape(error, LongestError)}'";

    private string Alike(HistoryEntry entry)
    {
        if (entry.Record.Count < 2)
            return "";
        var others = entry.Record.Count == 2 ? "one other" : $"{TimeText.Count(entry.Record.Count - 1)} others";
        var from = entry.FirstSlot is { } first ? $"from {time.At(first)} to" : "up to";
        return $", like {others} {from} {time.At(entry.Record.Slot)}";
    }

    private string Run(in IterationRecord record)
    {
        if (record.Outcome is IterationOutcome.Skipped or IterationOutcome.None || record.Count > 1)
            return "";
        if (record.Number == 0 && record.Outcome is IterationOutcome.Interrupted && record.Reason is not OutcomeReason.HostLost)
            return ", before it had started";
        var started = record.IsManual || record.Lateness < TimeSpan.FromMilliseconds(1)
            ? $"it started at {time.At(record.Started)}"
            : $"it started {TimeText.For(record.Lateness)} late";
        var took = record.Reason is OutcomeReason.HostLost ? "" : $" and took {TimeText.For(record.Elapsed)}";
        return $": {started}{took}{(record.Number > 0 ? $" (iteration {TimeText.Count(record.Number)})" : "")}";
    }

    private static string Owner(HistoryEntry entry) =>
        (entry.FencingToken > 0 ? $", under the fencing token {entry.FencingToken}" : "")
        + (entry.Instance != Guid.Empty ? $", recorded by instance {entry.Instance}" : "");
}
