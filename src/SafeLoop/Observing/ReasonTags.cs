namespace SafeLoop;

/// <summary>Reasons as metric attributes: constant strings in snake case, so that recording allocates nothing.</summary>
internal static class ReasonTags
{
    public static string Get(OutcomeReason reason) => reason switch
    {
        OutcomeReason.LockHeld => "lock_held",
        OutcomeReason.PreviousRunning => "previous_running",
        OutcomeReason.ConditionFalse => "condition_false",
        OutcomeReason.Paused => "paused",
        OutcomeReason.Missed => "missed",
        OutcomeReason.BufferFull => "buffer_full",
        OutcomeReason.Disabled => "disabled",
        OutcomeReason.HostStopping => "host_stopping",
        OutcomeReason.LockLost => "lock_lost",
        OutcomeReason.Removed => "removed",
        OutcomeReason.Cancelled => "cancelled",
        OutcomeReason.Replaced => "replaced",
        OutcomeReason.AlreadyRun => "already_run",
        OutcomeReason.HostLost => "host_lost",
        OutcomeReason.HostDown => "host_down",
        OutcomeReason.ShardLost => "shard_lost",
        _ => "none",
    };
}
