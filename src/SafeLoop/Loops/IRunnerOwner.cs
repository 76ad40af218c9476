namespace SafeLoop;

/// <summary>
/// Owns a runner of a keyed task: says when its loop may run, and takes the runner back when the loop has nothing to do. The
/// loop of an ordinary task has a runner of its own and no owner.
/// </summary>
/// <remarks>The runner calls it between iterations, under no lock.</remarks>
internal interface IRunnerOwner
{
    /// <summary>False while runs wait for a place that other loops have.</summary>
    bool MayStart { get; }

    /// <summary>Why all loops of the task are paused; null when they are not.</summary>
    string? Paused { get; }

    /// <summary>The clock that all loops of the task share; null when the loop is pinned to the runner and has its own.</summary>
    LoopClock? SharedClock { get; }

    /// <summary>The loop is about to plan. A pinned loop takes or gives up its place.</summary>
    void OnPlanning();

    /// <summary>Parks the loop, which has planned its next slot, and takes the runner back.</summary>
    /// <param name="wakeAt">The timestamp at which the loop wants to continue, or at once.</param>
    /// <returns>True when the loop is parked. The runner may already have another one, so it must not be touched.</returns>
    bool TryPark(long wakeAt);

    /// <summary>An iteration has ended, and what follows from it is done.</summary>
    void OnIterationCompleted();

    /// <summary>Finds the schedule of a key that had none, before the slot of its stand-in runs and fails.</summary>
    /// <returns>The definition now in force; null: there is still none.</returns>
    RecurringTask? FindSchedule();

    /// <summary>The loop has ended.</summary>
    void OnEnded(StopRequest stop);

    /// <summary>Creates the runner in which the loop starts again.</summary>
    LoopRunner CreateNext(RecurringTask task);
}
