namespace SafeLoop;

/// <summary>
/// Adapts a loop that follows the wall clock when the clock was set back: no slot runs twice, and no loop waits for more than a
/// day.
/// </summary>
internal static class ClockSetBack
{
    /// <summary>Explains to operators how to end the wait for a clock that was set back.</summary>
    public static string HowToEndWait(RecurringTaskOptions options) => options.SurviveRestarts is null
        ? "To end the wait, pause and resume it: slots until then may run again."
        : "The store accepts no earlier slot of it until then.";

    // A clock that was set back further was wrong before. To wait for it would stop the loop for too long.
    private static readonly TimeSpan Largest = TimeSpan.FromDays(1);

    /// <summary>
    /// The last slot, when the wall clock was set back behind it and the next slot waits until the clock has passed it. Null
    /// when the loop does not wait for the clock.
    /// </summary>
    public static Instant? WaitsUntil(in LoopState state, RecurringTask task, LoopClock clock) =>
        clock.IsBehind(state.Slot) && LoopPlan.Next(state, task, clock) is { Exists: true } next && next.Due > state.Slot
            ? state.Slot
            : null;

    /// <summary>Adapts the state of the loop to the clock, before it plans.</summary>
    public static void Apply(ref LoopState state, in PlanContext context, Instant now)
    {
        if (LatestInstant(state) <= now && !IsBeforeBegin(state, context, now))
            return;
        now = context.Clock.Now; // the loop may have read it long ago
        if (LatestInstant(state) - now > Largest)
        {
            var last = LatestInstant(state);
            context.Fault(
                FaultKind.ScheduleRestarted,
                $"The wall clock was set back to {now}, far behind the last slot {last}; the schedule begins anew.",
                null);
            ClearFuture(ref state, context, now);
        }
        else if (IsBeforeBegin(state, context, now))
        {
            RestartSchedule(ref state, context, now);
        }
        else if (context.Clock.IsBehind(state.Ended))
        {
            CountFromNow(ref state, now);
        }
    }

    /// <summary>
    /// Ends the wait for the clock, as an operator requested: drops slots in the future and begins the schedule again.
    /// </summary>
    public static void EndWait(ref LoopState state, in PlanContext context)
    {
        state.IsPlanned = false;
        if (context.Clock.IsBehind(state.Slot))
            ClearFuture(ref state, context, context.Clock.Now);
    }

    private static Instant LatestInstant(in LoopState state) => Instant.Max(state.Slot, state.Ended);

    private static bool IsBeforeBegin(in LoopState state, in PlanContext context, Instant now) =>
        state.Planned.IsNone && (state.Began > now
            || (context.Options.StartAt is null && context.Rules.BeginOf(state.From, context.Phase) > now));

    private static void ClearFuture(ref LoopState state, in PlanContext context, Instant now)
    {
        CountFromNow(ref state, now);
        state.Slot = Instant.None;
        RestartSchedule(ref state, context, now);
    }

    // A back-off and the choice of a step count from the end of an iteration, which must not be in the future.
    private static void CountFromNow(ref LoopState state, Instant now)
    {
        if (state.Ended <= now)
            return;
        if (state is { IsChosen: true, IsOnWall: false })
        {
            var shift = now - state.Ended;
            state.NextSlot += shift;
            state.NextDue = state.NextDue.IsNever ? state.NextDue : state.NextDue + shift;
        }
        state.Ended = now;
    }

    private static void RestartSchedule(ref LoopState state, in PlanContext context, Instant now) =>
        (state.Began, state.From) = (now, context.Rules.PlannedFrom(now, context.StartAt, context.Phase));
}
