using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Why a loop ended. A loop never ends by an exception.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoopEnd>))]
public enum LoopEnd
{
    /// <summary>Nothing is left to do: <c>StopAfter</c> was reached, <c>EndAt</c> has passed, or the schedule has no further slot.</summary>
    Completed,

    /// <summary>A <c>While</c> check said no, or an <c>Until</c> check said yes.</summary>
    ConditionMet,

    /// <summary>A step called <see cref="Iteration.StopLoop"/>.</summary>
    StoppedByStep,

    /// <summary>The lock was held elsewhere and the task said <see cref="LockHeld.Stop"/>.</summary>
    LockHeld,

    /// <summary>Too many failures in a row (<c>StopAfterFailures</c>, <c>StopHostAfterFailures</c>).</summary>
    Failures,

    /// <summary>Stopped by hand, through its handle.</summary>
    Stopped,

    /// <summary>The task was removed.</summary>
    Removed,

    /// <summary>The host is stopping.</summary>
    HostStopped,
}
