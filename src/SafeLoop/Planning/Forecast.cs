namespace SafeLoop;

/// <summary>The coming slots as far as they can be foreseen: as if iterations took no time and succeeded.</summary>
internal static class Forecast
{
    /// <param name="state">The loop's state; a copy, which the forecast continues.</param>
    /// <param name="context">The loop.</param>
    /// <param name="iterations">The number of iterations since the loop began, for <c>StopAfter</c>.</param>
    /// <param name="count">How many at most.</param>
    public static List<UpcomingSlot> Create(LoopState state, PlanContext context, long iterations, int count)
    {
        if (context.Options.StopAfter is { } most)
            count = (int)Math.Clamp(most - iterations, 0, count);
        context = context with { IsForecast = true };
        var (slots, now) = (new List<UpcomingSlot>(), context.Clock.Now);
        if (!state.HasBegun)
            Planner.Begin(ref state, context); // as if it began now
        (state.ConsecutiveFailures, state.Outcome, state.IsWithheld) = (0, IterationOutcome.Succeeded, false);
        if (!state.Slot.IsNone && state.Ended < state.Slot)
            state.Ended = now; // the one that is running

        while (slots.Count < count)
        {
            if (!LoopPlan.Next(state, context.Task, context.Clock).Exists)
                Planner.Plan(ref state, context, now);
            if (LoopPlan.Next(state, context.Task, context.Clock) is not { Exists: true } next)
                break;
            slots.Add(At(context.Task, next.Slot, context.Clock));
            now = Instant.Max(now, next.Slot);
            if (next.IsBySchedule || state.Planned.IsNone)
                state.Planned = next.Slot;
            (state.Slot, state.Ended) = (next.Slot, now);
            state.ClearPlan();
        }
        return slots;
    }

    /// <summary>Converts one slot to the wall clock.</summary>
    public static UpcomingSlot At(RecurringTask task, Instant slot, LoopClock clock) => new()
    {
        Slot = clock.ToWall(slot).ToDateTimeOffset(),
        Daylight = ReasonOf(task, slot),
        Zone = (task.Schedule as CronSchedule)?.Zone,
    };

    private static DaylightReason ReasonOf(RecurringTask task, Instant slot) =>
        (task.Schedule as CronSchedule)?.ReasonOf(slot.ToDateTimeOffset()) ?? DaylightReason.None;
}
