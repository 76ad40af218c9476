using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What to do when the lock is held elsewhere.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockHeld>))]
public enum LockHeld
{
    /// <summary>Skip this slot (<see cref="OutcomeReason.LockHeld"/>) and try again at the next. The default.</summary>
    Skip,

    /// <summary>Wait for the lock, within the iteration's time limit. Waiters in one process are served in order.</summary>
    Wait,

    /// <summary>
    /// Skip this slot and end the loop (<see cref="LoopEnd.LockHeld"/>). Where the loop itself may still hold the lock, because of
    /// <c>atLeastFor</c>, another iteration, or a release that failed, the slot is only skipped. Nothing starts the loop again: of
    /// replicas that share the lock, each that meets another loses its loop, until none is left. The host logs a warning at its
    /// start where the lock is not one of this process alone.
    /// </summary>
    Stop,
}
