using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Why a slot was skipped or an iteration was interrupted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutcomeReason>))]
public enum OutcomeReason : byte
{
    /// <summary>No reason: the outcome needs none.</summary>
    None,

    /// <summary>Skipped: another owner held the lock.</summary>
    LockHeld,

    /// <summary>Skipped: the slot came due while the previous iteration was running.</summary>
    PreviousRunning,

    /// <summary>Skipped: a <c>While</c> check returned false. The loop ends.</summary>
    ConditionFalse,

    /// <summary>Skipped: the task was paused.</summary>
    Paused,

    /// <summary>Skipped: the slot was noticed too late (the process slept, a debugger, overload).</summary>
    Missed,

    /// <summary>Skipped: the buffer of late or overlapping slots, or the limit of parallel iterations, was full.</summary>
    BufferFull,

    /// <summary>Skipped: the task is disabled, or its loop is not running.</summary>
    Disabled,

    /// <summary>Interrupted: the host is stopping.</summary>
    HostStopping,

    /// <summary>Interrupted: the lock was lost, or its lease could not be renewed in time.</summary>
    LockLost,

    /// <summary>Interrupted: the task was removed.</summary>
    Removed,

    /// <summary>Interrupted: cancelled by hand.</summary>
    Cancelled,

    /// <summary>Interrupted: a newer run took its place (<see cref="Overlap.CancelRunning"/>).</summary>
    Replaced,

    /// <summary>
    /// Skipped: another replica already ran this slot under the same lock, or has claimed it or a later one in the store.
    /// </summary>
    AlreadyRun,

    /// <summary>Skipped: no host was running when the slot came due (<c>SurviveRestarts</c>).</summary>
    HostDown,

    /// <summary>Interrupted: the host ended without recording the outcome (<c>SurviveRestarts</c>).</summary>
    HostLost,

    /// <summary>
    /// Interrupted: the host gave the loop to another host, or could no longer prove that it owned it (<c>InCluster</c>).
    /// </summary>
    ShardLost,
}
