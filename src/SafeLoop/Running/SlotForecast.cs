namespace SafeLoop;

/// <summary>The coming slots as far as they can be foreseen: as if iterations took no time and succeeded.</summary>
internal static class SlotForecast
{
    /// <param name="task">Whose slots.</param>
    /// <param name="planner">One of its own: a forecast must not disturb the loop's.</param>
    /// <param name="history">A copy, which is continued here.</param>
    /// <param name="clock">The loop's clock.</param>
    /// <param name="planned">The slot the loop has planned already; null: none.</param>
    /// <param name="endAt">No slot is after this.</param>
    /// <param name="count">How many at most.</param>
    public static List<UpcomingSlot> Of(
        RecurringTask task, SlotPlanner planner, LoopHistory history, LoopClock clock, DateTimeOffset? planned, DateTimeOffset? endAt, int count)
    {
        var (slots, now) = (new List<UpcomingSlot>(), clock.Now);
        if (planner.HasExclusions)
            planner.WallShift = clock.WallShift;
        (history.ConsecutiveFailures, history.LastOutcome) = (0, history.LastOutcome is null ? null : IterationOutcome.Succeeded);
        if (history.LastSlot is { } last && !(history.LastEnded >= last))
            history.LastEnded = now; // the one that is running

        while (slots.Count < count && planner.Next(history, planned, now, endAt, static (_, _) => { }) is { } next)
        {
            slots.Add(new(clock.ToWall(next.Slot), (task.Delay as CronDelay)?.ReasonOf(next.Slot) ?? DaylightReason.None));
            if (next.BySchedule || history.LastPlannedSlot is null)
                history.LastPlannedSlot = next.Slot;
            (planned, now) = (null, Instants.Max(now, next.Slot));
            (history.LastSlot, history.LastEnded) = (next.Slot, now);
        }
        return slots;
    }
}
