namespace SafeLoop;

/// <summary>The values that health reads of a loop, of an ordinary task or of a key.</summary>
internal readonly struct LoopView
{
    /// <summary>The definition in force.</summary>
    public required RecurringTask Task { get; init; }

    public RecurringTaskState State { get; init; }

    /// <summary>Why the loop ended; null while it has not.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>Why it ended or is paused, in words; null when unknown.</summary>
    public string? Reason { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    public bool IsPolicyBroken { get; init; }

    /// <summary>The runner; null for a parked loop.</summary>
    public LoopRunner? Runner { get; init; }

    /// <summary>The next slot of a waiting loop, on the wall clock; null when there is none.</summary>
    public DateTimeOffset? NextSlot { get; init; }

    /// <summary>The last slot, while the loop waits for a clock that was set back behind it; otherwise null.</summary>
    public Instant? WaitsUntil { get; init; }

    /// <summary>The time without a success; null when the loop need not succeed.</summary>
    public TimeSpan? WithoutSuccess { get; init; }

    /// <summary>The running iterations, oldest first.</summary>
    public RunningIteration[] Running => Runner is { Running.Count: > 0 } runner ? [.. runner.Running.Snapshot] : [];

    /// <summary>What is wrong with the last answer of the delay policy.</summary>
    public string Mistake => Runner?.Schedule.Mistake ?? LoopSchedule.UnknownMistake;

    public static LoopView From(TaskLoop task, RecurringTaskSnapshot snapshot)
    {
        var loop = task.ActiveLoop;
        return new()
        {
            Task = task.Task,
            State = snapshot.State,
            End = snapshot.End,
            Reason = snapshot.StateReason,
            Failures = snapshot.ConsecutiveFailures,
            IsPolicyBroken = loop.Schedule.Mistake is not null,
            Runner = loop,
            NextSlot = snapshot.NextSlot,
            WaitsUntil = loop.Schedule.WaitsForClockUntil,
            WithoutSuccess = LoopSuccess.Missing(task, snapshot),
        };
    }

    // Cheap, because there may be a million keys.
    public static LoopView From(in KeyView key)
    {
        var state = KeyStates.GetState(key);
        var isWaiting = state is RecurringTaskState.Waiting && key.RowState is not KeyedLoopState.Queued;
        var next = isWaiting ? key.NextSlot : Instant.None;
        return new()
        {
            Task = key.Task,
            State = state,
            End = key.End,
            Reason = key.End is null ? null : key.Runner?.Control.StopRequest?.Reason,
            Failures = key.Failures,
            IsPolicyBroken = key.State.IsPolicyBroken,
            Runner = key.Runner,
            NextSlot = next.IsNone || next.IsNever ? null : key.Clock.ToWall(next).ToNullable(),
            WaitsUntil = isWaiting && key.IsWaitingForClock ? key.LastSlot : null,
        };
    }
}
