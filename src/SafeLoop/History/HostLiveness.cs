namespace SafeLoop;

/// <summary>When the hosts of the application were last seen alive, as the store has it.</summary>
internal static class HostLiveness
{
    /// <summary>True for outcomes that need the instances: a host was lost, or none was running.</summary>
    public static bool IsNeededFor(NearbyEntries near) =>
        (near.At ?? near.Around)?.Record.Reason is OutcomeReason.HostLost or OutcomeReason.HostDown;

    /// <summary>The instance that was lost while it ran the slot; null: the store does not know it any more.</summary>
    public static RecurringTaskInstance? FindLost(HistoryEntry entry, NearbyEntries near) =>
        near.Instances.FirstOrDefault(instance => instance.Id == entry.Instance);

    /// <summary>When the lost host was last seen: its last heartbeat, or its claim of the slot when that is later.</summary>
    public static DateTimeOffset LastSeenOfLost(HistoryEntry entry, NearbyEntries near) =>
        FindLost(entry, near) is { } lost && lost.LastHeartbeat > entry.Record.Started
            ? lost.LastHeartbeat
            : entry.Record.Started;

    /// <summary>The host that was last seen before a slot; null: no heartbeat before it is known.</summary>
    public static RecurringTaskInstance? FindLastBefore(NearbyEntries near, DateTimeOffset slot) =>
        near.Instances.Where(instance => LastSeen(instance) <= slot).MaxBy(LastSeen);

    /// <summary>The last heartbeat of a host, or the end of one that stopped in order.</summary>
    public static DateTimeOffset LastSeen(RecurringTaskInstance instance) =>
        instance is { State: RecurringTaskInstanceState.Stopped, Ended: { } ended } ? ended : instance.LastHeartbeat;

    /// <summary>When the last record before a slot shows that a host was running; null: none does.</summary>
    // A record of a lost host ends only when another host notices the loss.
    public static DateTimeOffset? LastRecordBefore(NearbyEntries near, DateTimeOffset slot) => near.Before?.Record switch
    {
        { } record when record.Reason is not OutcomeReason.HostLost && record.Ended.ToDateTimeOffset() <= slot =>
            record.Ended.ToDateTimeOffset(),
        { } record when record.Started <= slot => record.Started,
        _ => null,
    };
}
