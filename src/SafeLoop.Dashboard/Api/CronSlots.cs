namespace SafeLoop.Dashboard;

/// <summary>The slots of a cron schedule without a task.</summary>
internal static class CronSlots
{
    /// <summary>The next slots after an instant, with the effects of daylight saving.</summary>
    public static List<UpcomingSlot> After(CronSchedule schedule, DateTimeOffset instant, int count)
    {
        var slots = new List<UpcomingSlot>();
        while (slots.Count < count && schedule.OccurrenceAfter(instant) is { } next)
        {
            instant = next.Instant;
            slots.Add(new() { Slot = instant.ToUniversalTime(), Daylight = next.Reason, Zone = schedule.Zone });
        }
        return slots;
    }
}
