namespace SafeLoop;

/// <summary>Where the loop of a key is.</summary>
internal enum KeyedLoopState : byte
{
    /// <summary>The host has not started, or the loop this key had before has not ended.</summary>
    NotStarted,

    /// <summary>Parked; its alarm is armed.</summary>
    Waiting,

    /// <summary>Due, and in the queue for a place to run in.</summary>
    Queued,

    /// <summary>In a rented runner.</summary>
    Running,

    /// <summary>In its own runner, because a handle has controlled it.</summary>
    Pinned,

    /// <summary>Over by itself.</summary>
    Ended,

    /// <summary>No longer among the keys, or the host has stopped.</summary>
    Removed,
}
