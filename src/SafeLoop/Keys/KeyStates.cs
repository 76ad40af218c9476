namespace SafeLoop;

/// <summary>Builds the state and the snapshots of a key from its row and its runner.</summary>
internal static class KeyStates
{
    public static RecurringTaskState GetState(in KeyView key)
    {
        if (key.Control is { } control)
            return control.State;
        if (key.End is not null)
            return RecurringTaskState.Ended;
        if (key.RowState is KeyedLoopState.NotStarted)
            return RecurringTaskState.NotStarted;
        if (key.Runner is { Running.Count: > 0 } runner)
        {
            var isStuck = runner.Running.Snapshot.Any(running => running.IsStuck);
            return isStuck ? RecurringTaskState.Stuck : RecurringTaskState.Running;
        }
        if (!key.Task.Options.Enabled)
            return RecurringTaskState.Disabled;
        if (ReasonOf(key) is not null)
            return RecurringTaskState.Paused;
        return key.Group.IsHeld ? RecurringTaskState.NotStarted : RecurringTaskState.Waiting;
    }

    /// <summary>Reads a value for the gauges: one for all keys.</summary>
    public static double? Measure(KeyedLoops all, TaskMeasure measure) => measure switch
    {
        TaskMeasure.Keys => all.Count,
        TaskMeasure.Stuck => all.Records.Stuck,
        TaskMeasure.RunningKeys => all.ViewAll().Count(key => key.Runner is { Running.Count: > 0 }),
        TaskMeasure.FailingKeys => all.ViewAll().Count(key => key is { End: null, Failures: > 0 }),
        TaskMeasure.OpenShards => all.IsInCluster ? all.Shards.Snapshot().Length : null,
        _ => null,
    };

    /// <summary>The snapshot of a key that no handle has controlled. It has only the values in the state of the loop.</summary>
    public static RecurringTaskSnapshot Snapshot(KeyedLoops all, IKeyed loop, in KeyView key)
    {
        var failing = all.Records.Find(key.Loop);
        return new RecurringTaskSnapshot
        {
            Name = all.Name,
            Key = LoopName.FormatKey(loop.Key),
            State = GetState(key),
            StateReason = WhyDisabled(key) ?? ReasonOf(key),
            Pause = key.IsPausedIndividually ? key.Group.Restored.PauseOf(key.Loop) : null,
            End = key.End,
            Iterations = key.State.Iterations,
            Failed = failing?.Failed ?? 0,
            TimedOut = failing?.TimedOut ?? 0,
            ConsecutiveFailures = key.Failures,
            Running = key.Runner?.Running.Count ?? 0,
            RunningSince = RunningSince(all, key),
            Last = failing?.Last,
            LastOutcome = key.State.Ended.IsNone ? null : key.State.Outcome,
            LastEnded = WallOf(all, key.State.Ended),
            LastSuccess = key.State.Outcome is IterationOutcome.Succeeded ? WallOf(all, key.State.Ended) : null,
            LastError = failing?.Last.Error,
            NextSlot = WallOf(all, key.NextSlot),
            RejectedChange = all.RejectedChange,
        };
    }

    public static KeySnapshot<TKey> Snapshot<TKey>(KeyedLoops<TKey> all, TKey name, in KeyView key)
        where TKey : notnull => new()
        {
            Key = name,
            State = GetState(key),
            StateReason = key.Control?.Snapshot().StateReason ?? WhyDisabled(key) ?? ReasonOf(key),
            End = key.End,
            Iterations = key.State.Iterations,
            ConsecutiveFailures = key.Failures,
            RunningSince = RunningSince(all, key),
            LastOutcome = key.State.Ended.IsNone ? null : key.State.Outcome,
            LastEnded = WallOf(all, key.State.Ended),
            LastElapsed = key.State.Elapsed,
            LastError = all.Records.Find(key.Loop)?.Last.Error,
            NextSlot = WallOf(all, key.NextSlot),
        };

    private static DateTimeOffset? RunningSince(KeyedLoops all, in KeyView key) =>
        key.Runner?.Running.Snapshot is [_, ..] running
            ? WallOf(all, new(running.Min(iteration => iteration.Started.Now.UtcTicks)))
            : null;

    private static string? WhyDisabled(in KeyView key) => key.End is null ? key.Task.Options.WhyDisabled : null;

    private static string? ReasonOf(in KeyView key) =>
        key.IsPausedIndividually
            ? key.Group.Restored.PauseOf(key.Loop)?.Reason ?? RentedRunner.PausedAfterFailures
            : key.Group.Pause?.Reason;

    private static DateTimeOffset? WallOf(KeyedLoops all, Instant instant) =>
        instant.IsNone || instant.IsNever ? null : all.Clock.ToWall(instant).ToNullable();
}
