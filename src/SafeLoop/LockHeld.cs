using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What to do when another owner holds the lock.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockHeld>))]
public enum LockHeld
{
    /// <summary>Skip this slot (<see cref="OutcomeReason.LockHeld"/>) and try again at the next one. The default.</summary>
    Skip,

    /// <summary>Wait for the lock, within the iteration's time limit. By default, waiters are served in order.</summary>
    Wait,

    /// <summary>
    /// Skip this slot and end the loop (<see cref="LoopEnd.LockHeld"/>). When the loop itself may still hold the lock, because
    /// of <c>atLeastFor</c>, another iteration or a failed release, it only skips the slot. Nothing starts the loop again. When
    /// replicas share the lock, each contention ends the loop of one of them, and none takes over when the last one fails. The
    /// host logs a warning at start unless the lock provider is the default one.
    /// </summary>
    Stop,
}
