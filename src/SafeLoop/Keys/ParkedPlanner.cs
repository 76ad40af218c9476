namespace SafeLoop;

/// <summary>Plans loops that are parked, without waking them.</summary>
/// <remarks>It calls user policies, so call it under no lock.</remarks>
internal static class ParkedPlanner
{
    /// <summary>Plans the next slot of a loop.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="task">Its definition.</param>
    /// <param name="group">What it shares with the other loops.</param>
    /// <param name="state">A copy of its state. When this returns, it contains the plan.</param>
    /// <param name="plannedBy">The definition by which it was planned so far.</param>
    /// <param name="isResumed">True when it was resumed, which ends a wait for the wall clock.</param>
    /// <returns>The timestamp at which to wake the loop.</returns>
    public static long Plan(
        IKeyed loop, RecurringTask task, IKeyGroup group, ref LoopState state, RecurringTask plannedBy, bool isResumed = false)
    {
        var (context, clock) = (CreateContext(loop, plannedBy, group), group.Clock);
        var isChanged = plannedBy != task;
        if (isChanged && !state.IsPaused)
            state.ConsecutiveFailures = 0;
        if (!state.HasBegun)
            Begin(ref state, context);
        state.IsPlanned = false;
        if (isResumed)
            ClockSetBack.EndWait(ref state, context);

        var now = clock.Read();
        if (isChanged && Planner.TryMakeDue(ref state, plannedBy, clock, now.Now))
            return now.Timestamp; // a slot of the old definition is due and runs before the new definition applies
        if (isChanged)
        {
            var before = context;
            context = CreateContext(loop, task, group);
            Change(ref state, before, context);
        }
        Planner.Plan(ref state, context, now.Now);
        var next = LoopPlan.Next(state, task, clock);
        return !next.Exists || next.Due <= now.Now ? now.Timestamp : clock.TimestampOf(next.Due, clock.Read());
    }

    /// <summary>Records the slots that came due for a loop that ended while it was parked.</summary>
    public static void DropDueSlots(
        IKeyed loop, RecurringTask task, IKeyGroup group, in LoopState state, OutcomeReason reason, Instant now, TaskPause? pause)
    {
        var environment = group.Environment;
        var log = group.CreateLog();
        log.Load(loop, state);
        var wait = new LoopWait(environment.Pacemaker);
        var schedule = new LoopSchedule(task, log, wait, environment.Random, environment.Observers, group.Clock);
        new RunQueue(schedule, log).DropDueSlots(reason, now, pause);
    }

    /// <summary>The next slots of a loop, which stays parked.</summary>
    public static IReadOnlyList<UpcomingSlot> Foresee(
        IKeyed loop, RecurringTask task, IKeyGroup group, in LoopState state, int count) =>
        Forecast.Create(state, CreateContext(loop, task, group), state.Iterations, count);

    private static void Begin(ref LoopState state, in PlanContext context)
    {
        var last = state.Slot; // restored from a store, or the watermark of its shard
        Planner.Begin(ref state, context);
        if (!last.IsNone && context.Options.HasCommonGrid)
            Planner.GoOnAfter(ref state, context, last);
    }

    private static void Change(ref LoopState state, in PlanContext before, in PlanContext after)
    {
        if (!before.Options.HasScheduleOf(after.Options))
            ClockSetBack.EndWait(ref state, before);
        Planner.Change(ref state, before.Options, after);
    }

    private static PlanContext CreateContext(IKeyed loop, RecurringTask task, IKeyGroup group) =>
        new(task, group.Clock, loop, group.Environment.Observers, group.Environment.Random);
}
