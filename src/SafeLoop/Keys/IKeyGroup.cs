namespace SafeLoop;

/// <summary>What the loops of a keyed task share, as their rows and runners see it.</summary>
internal interface IKeyGroup
{
    LoopEnvironment Environment { get; }

    /// <inheritdoc cref="IKeyOwner"/>
    IKeyOwner Owner { get; }

    /// <summary>The definition of the task.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    RecurringTask Task { get; }

    /// <summary>The clock of all loops that are not pinned.</summary>
    LoopClock Clock { get; }

    /// <summary>Why all loops are paused; null when they are not.</summary>
    TaskPause? Pause { get; }

    /// <summary>Why all loops were stopped; null while they were not.</summary>
    StopRequest? StopRequest { get; }

    /// <summary>True when the schedules have begun. Before that, loops run only by hand.</summary>
    bool HasBegun { get; }

    /// <summary>What a store has restored of the keys.</summary>
    RestoredKeys Restored { get; }

    /// <summary>Plans the loops again whenever the wall clock is set, from now on.</summary>
    void FollowWallClock();

    /// <summary>Creates a log for the loops of this task. One loop at a time is attached to it.</summary>
    LoopLog CreateLog();
}
