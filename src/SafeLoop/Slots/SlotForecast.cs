namespace SafeLoop;

/// <summary>The coming slots as far as they can be foreseen: as if iterations took no time and succeeded.</summary>
internal static class SlotForecast
{
    /// <param name="task">Whose slots.</param>
    /// <param name="planner">One of its own: a forecast must not disturb the loop's.</param>
    /// <param name="history">A copy, which is continued here.</param>
    /// <param name="clock">The loop's clock.</param>
    /// <param name="planned">The slot the loop has planned already; never: none.</param>
    /// <param name="endAt">No slot is after this.</param>
    /// <param name="count">How many at most.</param>
    public static List<UpcomingSlot> Of(
        RecurringTask task, SlotPlanner planner, LoopHistory history, LoopClock clock, Instant planned, Instant endAt, int count)
    {
        var (slots, now) = (new List<UpcomingSlot>(), clock.Now);
        if (planner.HasExclusions)
            planner.WallShift = clock.WallShift;
        (history.ConsecutiveFailures, history.Outcome) = (0, IterationOutcome.Succeeded);
        if (!history.Slot.IsNone && history.Ended < history.Slot)
            history.Ended = now; // the one that is running

        var chosen = planned.IsNever ? Instant.None : planned;
        while (slots.Count < count)
        {
            var next = PlannedSlot.None;
            planner.Next(history, chosen, now, endAt, static (_, _) => { }, ref next);
            if (!next.Exists)
                break;
            slots.Add(At(task, next.Slot, clock));
            if (next.BySchedule || history.Planned.IsNone)
                history.Planned = next.Slot;
            (chosen, now) = (Instant.None, Instant.Max(now, next.Slot));
            (history.Slot, history.Ended) = (next.Slot, now);
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
