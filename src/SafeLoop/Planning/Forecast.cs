namespace SafeLoop;

/// <summary>Forecasts the coming slots, assuming that iterations take no time and succeed.</summary>
internal static class Forecast
{
    /// <summary>Forecasts the slots of a loop.</summary>
    /// <param name="state">A copy of the loop's state, which the forecast advances.</param>
    /// <param name="context">The loop.</param>
    /// <param name="iterations">The number of iterations since the loop began, for <c>StopAfter</c>.</param>
    /// <param name="count">The maximum number of slots.</param>
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
            state.Ended = now; // as if the running iteration ended now

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
