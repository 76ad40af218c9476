namespace SafeLoop;

/// <summary>Plans loops that are parked, without waking them.</summary>
/// <remarks>Thread-safe, and calls user policies, so call it under no lock.</remarks>
internal sealed class ParkedPlanner(KeyedLoops all, LoopEnvironment environment)
{
    /// <param name="loop">The loop.</param>
    /// <param name="state">A copy of its state. When this returns, it contains the plan.</param>
    /// <param name="plannedBy">The definition by which it was planned so far.</param>
    /// <param name="isResumed">True when it was resumed, which ends a wait for the wall clock.</param>
    /// <returns>The timestamp at which to wake the loop.</returns>
    public long Plan(KeyedLoop loop, ref LoopState state, RecurringTask plannedBy, bool isResumed = false)
    {
        var (context, clock, task) = (ContextOf(loop, plannedBy), all.Clock, loop.Task);
        var isChanged = plannedBy != task;
        if (isChanged && !state.IsPaused)
            state.ConsecutiveFailures = 0;
        if (!state.HasBegun)
            Planner.Begin(ref state, context);
        state.IsPlanned = false;
        if (isResumed)
            ClockSetBack.EndWait(ref state, context);

        var now = clock.Read();
        if (isChanged && Planner.TryHasten(ref state, plannedBy, clock, now.Now))
            return now.Timestamp; // and is met before the loop goes on by another definition
        if (isChanged)
            Change(ref state, context, ContextOf(loop, task));
        Planner.Plan(ref state, ContextOf(loop, task), now.Now);
        var next = LoopPlan.Next(state, task, clock);
        return !next.Exists || next.Due <= now.Now ? now.Timestamp : clock.TimestampOf(next.Due, clock.Read());
    }

    /// <summary>Records the slots that have come of a loop that has ended while it was parked.</summary>
    public void DropDueSlots(KeyedLoop loop, OutcomeReason reason, Instant now, bool paused)
    {
        var log = new LoopLog(all.Name, 1, environment.Observers, all.Records);
        log.Load(loop, loop.Saved);
        var wait = new LoopWait(environment.Pacemaker);
        var schedule = new LoopSchedule(loop.Task, log, wait, environment.Random, environment.Observers, all.Clock);
        new RunQueue(schedule, log).DropDueSlots(reason, now, paused);
    }

    /// <summary>The next slots of a loop, which stays parked.</summary>
    public IReadOnlyList<UpcomingSlot> Foresee(KeyedLoop loop, int count)
    {
        var key = KeyLook.At(loop);
        if (key.End is not null)
            return [];
        return key.Runner?.Schedule.Foresee(count)
            ?? Forecast.Create(key.State, ContextOf(loop, loop.Task), key.State.Iterations, count);
    }

    private static void Change(ref LoopState state, in PlanContext before, in PlanContext after)
    {
        if (!before.Options.HasScheduleOf(after.Options))
            ClockSetBack.EndWait(ref state, before);
        Planner.Change(ref state, before.Options, after);
    }

    private PlanContext ContextOf(KeyedLoop loop, RecurringTask task) =>
        new(task, all.Clock, loop, environment.Observers, environment.Random);
}
