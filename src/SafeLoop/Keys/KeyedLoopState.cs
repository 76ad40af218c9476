namespace SafeLoop;

/// <summary>The state of the loop of a key.</summary>
internal enum KeyedLoopState : byte
{
    /// <summary>The host has not started, or the loop this key had before has not ended.</summary>
    NotStarted,

    /// <summary>Parked; its alarm is armed.</summary>
    Waiting,

    /// <summary>Due, and in the queue for a permit to run.</summary>
    Queued,

    /// <summary>In a rented runner.</summary>
    Running,

    /// <summary>In its own runner, because a handle has controlled it.</summary>
    Pinned,

    /// <summary>Ended by itself: nothing stopped it from outside.</summary>
    Ended,

    /// <summary>Stopped, because its key was removed or the host has stopped.</summary>
    Removed,
}
