namespace SafeLoop;

/// <summary>Writes the sentence about a slot that has an entry.</summary>
/// <param name="subject">The task, and its key, in quotes.</param>
/// <param name="time">Writes instants.</param>
/// <param name="lockName">The lock of the task; null: none, or unknown.</param>
/// <param name="timeLimit">The time limit of the task now; null: none, or unknown.</param>
internal sealed class EntryText(string subject, TimeText time, string? lockName, TimeSpan? timeLimit)
{
    private const int LongestError = 300;

    /// <summary>The sentence, without its full stop, about a slot of an entry.</summary>
    public string Describe(HistoryEntry entry, DateTimeOffset slot, NearbyEntries near)
    {
        var record = entry.Record;
        var what = record.IsManual ? "run by hand" : "slot";
        return $"The {what} of {subject} at {time.At(slot)} {Predicate(record, slot)}{Error(record)}{Alike(entry)}"
            + $"{Run(record)}{Failures(record, near)}{Down(record, slot, near)}{Owner(entry, near)}";
    }

    /// <summary>The sentence, without its full stop, about an instant that lies among the slots of an entry.</summary>
    public string DescribeAmong(HistoryEntry entry, DateTimeOffset instant)
    {
        var from = entry.FirstSlot is { } first ? $"from {time.At(first)} to" : "up to";
        return $"{subject} has no record of {time.At(instant)} alone: it lies among {TimeText.Count(entry.Record.Count)} slots "
            + $"{from} {time.At(entry.Record.Slot)}, each of which {PredicateOfMany(entry.Record)}"
            + Error(entry.Record);
    }

    public string Predicate(in IterationRecord record) => OutcomeText.Describe(record.Outcome, record.Reason, lockName);

    private string Predicate(in IterationRecord record, DateTimeOffset slot) =>
        record.Reason is OutcomeReason.Missed && EntryEvidence.NoticedAt(record, slot) is { } noticed
            ? $"was skipped because it was noticed {TimeText.For(noticed - slot)} late"
                + (record.Error is null ? " (the process slept, was stopped by a debugger, or was overloaded)" : "")
            : Predicate(record);

    private string PredicateOfMany(in IterationRecord record) =>
        record is { Reason: OutcomeReason.Missed, Error: not null }
            ? "was skipped because it was noticed too late"
            : Predicate(record);

    private string Error(in IterationRecord record) => record.Error is not { } error ? ""
        : record.Reason is OutcomeReason.Paused && PauseText.Read(error) is { } pause ? time.For(pause)
        : record.Outcome is IterationOutcome.Skipped ? $" ({Continue(Printable.Escape(error, LongestError).TrimEnd('.'))})"
        : $" with '{Printable.Escape(error, LongestError)}'";

    // A sentence that goes on within another one.
    private static string Continue(string sentence) =>
        sentence.Length > 1 && char.IsLower(sentence[1]) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;

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

    private string Failures(in IterationRecord record, NearbyEntries near)
    {
        if (record.Outcome is not (IterationOutcome.Failed or IterationOutcome.TimedOut))
            return "";
        var limit = record.Outcome is IterationOutcome.TimedOut ? timeLimit : null;
        return (limit is { } now ? $"; its time limit is {TimeText.For(now)}" : "") + near.FailuresBefore switch
        {
            null or 0 => "",
            1 => "; the iteration before it had failed, too",
            var count => $"; {TimeText.Count(count.Value)} iterations in a row had failed before it",
        };
    }

    private string Down(in IterationRecord record, DateTimeOffset slot, NearbyEntries near)
    {
        if (record.Reason is not OutcomeReason.HostDown)
            return "";
        return Since(slot, near)
            + (EntryEvidence.NoticedAt(record, slot) is { } until ? $"; a host noticed it at {time.At(until)}" : "");
    }

    private string Since(DateTimeOffset slot, NearbyEntries near) => EntryEvidence.LastSeenBefore(near, slot) switch
    {
        null => "",
        { } since when HostLiveness.FindLastBefore(near, slot) is { } host && HostLiveness.LastSeen(host) == since =>
            host.State is RecurringTaskInstanceState.Stopped
                ? $"; before it, the host {NameOf(host)} stopped at {time.At(since)}"
                : $"; the last heartbeat before it, of the host {NameOf(host)}, was at {time.At(since)}",
        { } since => $"; the record before it is of {time.At(since)}",
    };

    private static string NameOf(RecurringTaskInstance host) => $"'{Printable.Escape(host.Host)}' (instance {host.Id})";

    private string Lost(HistoryEntry entry, NearbyEntries near) => HostLiveness.FindLost(entry, near) is { } lost
        ? $"; its host {NameOf(lost)} sent its last heartbeat at {time.At(lost.LastHeartbeat)}"
        : $", on the lost instance {entry.Instance}";

    private string Owner(HistoryEntry entry, NearbyEntries near) =>
        (entry.FencingToken > 0
            ? entry.Record.Reason is OutcomeReason.LockHeld
                ? $"; the fencing token of the holder was {entry.FencingToken}"
                : $", under the fencing token {entry.FencingToken}"
            : "")
        + (entry.Instance == Guid.Empty ? ""
            : entry.Record.Reason is OutcomeReason.HostLost ? Lost(entry, near)
            : $", recorded by instance {entry.Instance}");
}
