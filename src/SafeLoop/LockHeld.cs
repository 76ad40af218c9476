namespace SafeLoop;

/// <summary>What to do when the lock is held elsewhere.</summary>
public enum LockHeld
{
    /// <summary>Skip this slot (<see cref="OutcomeReason.LockHeld"/>) and try again at the next. The default.</summary>
    Skip,

    /// <summary>Wait for the lock, within the iteration's time limit. Waiters in one process are served in order.</summary>
    Wait,

    /// <summary>
    /// Skip this slot and end the loop (<see cref="LoopEnd.LockHeld"/>): somebody else is doing this work. Where the loop itself may still hold the
    /// lock, because of <c>atLeastFor</c>, another iteration, or a release that failed, the slot is only skipped.
    /// </summary>
    Stop,
}
