using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Why a loop ended. An exception never ends a loop.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoopEnd>))]
public enum LoopEnd
{
    /// <summary>
    /// No slot is left: <c>StopAfter</c> was reached, <c>EndAt</c> has passed, or the schedule has no further slot.
    /// </summary>
    Completed,

    /// <summary>A <c>While</c> check returned false, or an <c>Until</c> check returned true.</summary>
    ConditionMet,

    /// <summary>A step called <see cref="Iteration.StopLoop"/>.</summary>
    StoppedByStep,

    /// <summary>Another owner held the lock, and the task has <see cref="LockHeld.Stop"/>.</summary>
    LockHeld,

    /// <summary>Too many failures in a row (<c>StopAfterFailures</c>, <c>StopHostAfterFailures</c>).</summary>
    Failures,

    /// <summary>Stopped by hand, through its handle.</summary>
    Stopped,

    /// <summary>The task was removed.</summary>
    Removed,

    /// <summary>The host is stopping.</summary>
    HostStopped,

    /// <summary>Another host of the cluster runs the loop now, or will (<c>InCluster</c>).</summary>
    Moved,
}
