namespace SafeLoop;

/// <summary>The last signs of life of the hosts of the application, as the store has them.</summary>
internal static class HostSigns
{
    /// <summary>Only these outcomes need the instances: a host ended, or none was running.</summary>
    public static bool IsNeededFor(NearbyEntries near) =>
        (near.At ?? near.Around)?.Record.Reason is OutcomeReason.HostLost or OutcomeReason.HostDown;

    /// <summary>The instance that was lost while it ran the slot; null: the store does not know it any more.</summary>
    public static RecurringTaskInstance? FindLost(HistoryEntry entry, NearbyEntries near) =>
        near.Instances.FirstOrDefault(instance => instance.Id == entry.Instance);

    /// <summary>When the lost host gave its last sign: its last heartbeat, or its claim of the slot when that is later.</summary>
    public static DateTimeOffset OfLost(HistoryEntry entry, NearbyEntries near) =>
        FindLost(entry, near) is { } lost && lost.LastHeartbeat > entry.Record.Started
            ? lost.LastHeartbeat
            : entry.Record.Started;

    /// <summary>The host that gave the last sign before a slot, and when; null: no heartbeat before it is known.</summary>
    public static RecurringTaskInstance? FindLastBefore(NearbyEntries near, DateTimeOffset slot) =>
        near.Instances.Where(instance => SignOf(instance) <= slot).MaxBy(SignOf);

    /// <summary>The last heartbeat of a host; of one that stopped in order, its end.</summary>
    public static DateTimeOffset SignOf(RecurringTaskInstance instance) =>
        instance is { State: RecurringTaskInstanceState.Stopped, Ended: { } ended } ? ended : instance.LastHeartbeat;

    /// <summary>When the last record before a slot shows that a host was running; null: none does.</summary>
    // What a later host recorded of a lost one ends only when that was noticed.
    public static DateTimeOffset? OfRecordBefore(NearbyEntries near, DateTimeOffset slot) => near.Before?.Record switch
    {
        { } record when record.Reason is not OutcomeReason.HostLost && record.Ended.ToDateTimeOffset() <= slot =>
            record.Ended.ToDateTimeOffset(),
        { } record when record.Started <= slot => record.Started,
        _ => null,
    };
}
