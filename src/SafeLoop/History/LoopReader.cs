namespace SafeLoop;

/// <summary>Reads what this host knows of a loop.</summary>
/// <remarks>Calls user code (exclusions, policies, texts of keys), so use it under no lock.</remarks>
internal static class LoopReader
{
    /// <summary>Reads the loop of an ordinary task, or of a key whose handle was used.</summary>
    public static LoopFacts Read(TaskLoop loop, Instant now)
    {
        var (records, snapshot, clock) = (LoopRecords.Read(loop), loop.Snapshot(), loop.Loop.Schedule.Clock);
        var facts = Create(loop.Task, loop.Log.CopyState(), clock, now) with
        {
            Key = records.Key,
            Records = [.. records.Records.Select(slot => records.ToEntry(slot))],
            KeepsRecords = true,
            IsCut = loop.Log.Keyed is not null || records.Records.Count >= loop.Task.Options.HistoryLength,
            RegisteredAt = loop.RegisteredAt,
            EndedAt = loop.Loop.EndedAt,
            Running = ReadRunning(loop.ActiveLoop),
            State = snapshot.State,
            StateReason = snapshot.StateReason,
            Pause = loop.ActiveLoop.Control.PauseInForce,
            End = snapshot.End,
        };
        return facts with { Next = FindNext(loop.Handle, facts) };
    }

    /// <summary>Reads the loop of a key that no handle controls; null when the key is not there any more.</summary>
    public static LoopFacts? Read(KeyedLoops all, LoopId id, Instant now)
    {
        if (all.ControlOf(id) is { } control)
            return Read(control, now) with { RegisteredAt = all.RegisteredAt };
        if (all.KeyOf(id) is not { } key || !KeyView.TryCreate(all.Group, id, null, out var view))
            return null;

        var handle = new RecurringTaskHandle(new KeyControl(all, key));
        var snapshot = handle.Snapshot();
        var records = new LoopRecords(
            all.Name,
            LoopName.IdentifyKey(key.Key),
            [.. handle.History.Select(record => new RecordedSlot(record, default))],
            Slots: null);
        var facts = Create(view.Task, view.State, view.Clock, now) with
        {
            Key = records.Key,
            Records = [.. records.Records.Select(slot => records.ToEntry(slot))],
            RegisteredAt = all.RegisteredAt,
            EndedAt = view.End is null ? Instant.None : view.State.Ended,
            Running = view.Runner is { } runner ? ReadRunning(runner) : [],
            State = snapshot.State,
            StateReason = snapshot.StateReason,
            Pause = view.State.IsPaused ? all.Group.Restored.PauseOf(id) ?? RentedRunner.PauseAfterFailures : all.Group.Pause,
            End = snapshot.End,
        };
        return facts with { Next = FindNext(handle, facts) };
    }

    private static LoopFacts Create(RecurringTask task, in LoopState state, LoopClock clock, Instant now) => new()
    {
        Task = task,
        Records = [],
        Slots = new(task, state, clock),
        Now = now,
        RegisteredAt = Instant.None,
        State = RecurringTaskState.NotStarted,
        LastSlot = state.Slot,
        LastOutcome = state.Ended.IsNone ? IterationOutcome.None : state.Outcome,
        HasBegun = state.HasBegun,
        IsChosen = state.IsChosen,
        Ahead = clock.ToWall(now) - now,
    };

    private static RunningSlot[] ReadRunning(LoopRunner runner) =>
    [
        .. runner.Running.Snapshot.Select(iteration => new RunningSlot(
            iteration.Request.Slot,
            iteration.Started.Now,
            iteration.Iteration.CurrentActivity,
            IsManual: iteration.Request.Manual is not null)),
    ];

    // What has not begun has no next slot yet, and neither has what depends on the end of an iteration that is running: a
    // forecast would be as if it began, or ended, now.
    private static DateTimeOffset? FindNext(RecurringTaskHandle handle, LoopFacts facts) =>
        facts is { End: null, HasBegun: true }
        && (facts.Slots.KnowsSlots || facts.Running.All(static running => running.IsManual))
        && handle.UpcomingSlots(1) is [var next, ..] ? next.Slot : null;
}
