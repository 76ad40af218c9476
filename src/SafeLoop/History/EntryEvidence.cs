namespace SafeLoop;

/// <summary>Adds to an answer what the entry of the slot, and the entries around it, say of the cause.</summary>
internal static class EntryEvidence
{
    public static SlotExplanation AddTo(SlotExplanation answer, HistoryEntry entry, NearbyEntries near)
    {
        var record = entry.Record;
        answer = answer with { Entry = entry };
        return (record.Outcome, record.Reason) switch
        {
            (IterationOutcome.Failed or IterationOutcome.TimedOut, _) => answer with { FailuresBefore = near.FailuresBefore },
            (_, OutcomeReason.Paused) when PauseText.Read(record.Error) is { } pause => answer with
            {
                Pause = pause,
                Since = pause.Since == default ? null : pause.Since,
                Until = pause.Until,
            },
            (_, OutcomeReason.Missed) => answer with { Cause = record.Error, Until = NoticedAt(record, answer.Instant) },
            (_, OutcomeReason.HostDown) => answer with
            {
                Since = LastSeenBefore(near, answer.Instant),
                Until = NoticedAt(record, answer.Instant),
            },
            (_, OutcomeReason.HostLost) => answer with { Since = HostLiveness.LastSeenOfLost(entry, near) },
            (IterationOutcome.Skipped, _) => answer with { Cause = record.Error },
            _ => answer,
        };
    }

    /// <summary>When a slot that came due unnoticed was noticed; null: not known.</summary>
    // Of several records in a row, memory keeps the start of the first, which may be before the slot.
    public static DateTimeOffset? NoticedAt(in IterationRecord record, DateTimeOffset slot) =>
        record.Started > slot ? record.Started : null;

    /// <summary>When a host was last seen before a slot, by a record or a heartbeat. Null: unknown.</summary>
    public static DateTimeOffset? LastSeenBefore(NearbyEntries near, DateTimeOffset slot)
    {
        var record = HostLiveness.LastRecordBefore(near, slot);
        return HostLiveness.FindLastBefore(near, slot) is { } host && !(record >= HostLiveness.LastSeen(host))
            ? HostLiveness.LastSeen(host)
            : record;
    }
}
