namespace SafeLoop;

/// <summary>
/// Owns a runner of a keyed task: decides when its loop may run, and reclaims the runner when the loop has nothing to do. The
/// runner of an ordinary task has no owner.
/// </summary>
/// <remarks>
/// The runner calls it between iterations, under no lock. Snapshots read <see cref="GroupPause"/> at any time.
/// </remarks>
internal interface IRunnerOwner
{
    /// <summary>False while the loop must wait for a permit under <c>Concurrency</c>.</summary>
    bool HasPermit { get; }

    /// <summary>The pause of all loops of the task; null when they are not paused.</summary>
    TaskPause? GroupPause { get; }

    /// <summary>The clock that all loops of the task share; null when the loop is pinned to the runner and has its own.</summary>
    LoopClock? SharedClock { get; }

    /// <summary>Called when the schedule of the loop is about to begin. Restores what a store remembers of the key.</summary>
    /// <returns>The last stored slot, and when it was restored; null: the schedule begins now.</returns>
    (Instant Slot, Instant At)? OnBeginning();

    /// <summary>Called when the loop is about to plan. A pinned loop acquires or releases its permit.</summary>
    void OnPlanning();

    /// <summary>Parks the loop, which has planned its next slot, and reclaims the runner.</summary>
    /// <param name="wakeAt">The timestamp at which the loop wants to continue, or at once.</param>
    /// <returns>True when the loop is parked. The runner may already have another one, so it must not be touched.</returns>
    bool TryPark(long wakeAt);

    /// <summary>Called when an iteration has ended and was recorded.</summary>
    void OnIterationCompleted();

    /// <summary>Finds the schedule of a key that had none, before the slot of its stand-in runs and fails.</summary>
    /// <returns>The definition now in force; null when the key still has no valid schedule.</returns>
    RecurringTask? FindSchedule();

    /// <summary>Called when the loop has ended.</summary>
    void OnEnded(StopRequest stop);

    /// <summary>Creates the runner in which the loop starts again.</summary>
    LoopRunner CreateNext(RecurringTask task);
}
