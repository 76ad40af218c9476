using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Why a slot was skipped, or an iteration interrupted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutcomeReason>))]
public enum OutcomeReason : byte
{
    /// <summary>No reason is needed: the outcome says it all.</summary>
    None,

    /// <summary>Skipped: another holder had the lock.</summary>
    LockHeld,

    /// <summary>Skipped: the slot came due while the previous iteration was running.</summary>
    PreviousRunning,

    /// <summary>Skipped: a <c>While</c> check said no. The loop ends.</summary>
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

    /// <summary>Interrupted: the lock was lost, or could no longer be proven to be held.</summary>
    LockLost,

    /// <summary>Interrupted: the task was removed.</summary>
    Removed,

    /// <summary>Interrupted: cancelled by hand.</summary>
    Cancelled,

    /// <summary>Interrupted: a newer run took its place (<see cref="Overlap.CancelRunning"/>).</summary>
    Replaced,

    /// <summary>Skipped: another replica has run this slot already, under the same lock.</summary>
    AlreadyRun,
}
