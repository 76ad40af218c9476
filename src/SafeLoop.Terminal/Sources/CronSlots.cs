namespace SafeLoop.Terminal;

/// <summary>The slots of a cron schedule.</summary>
internal static class CronSlots
{
    /// <summary>The next slots after an instant.</summary>
    public static IReadOnlyList<UpcomingSlot> After(CronSchedule schedule, DateTimeOffset instant, int count)
    {
        var slots = new List<UpcomingSlot>();
        while (slots.Count < count && schedule.OccurrenceAfter(instant) is { } next)
        {
            instant = next.Instant;
            slots.Add(new() { Slot = instant.ToUniversalTime(), Daylight = next.Reason, Zone = schedule.Zone });
        }
        return slots;
    }

    /// <summary>Reads an expression and a zone of the command line.</summary>
    /// <exception cref="ToolException">One of them cannot be read.</exception>
    public static CronSchedule Parse(string expression, string? zone)
    {
        try
        {
            return CronSchedule.Parse(expression, zone);
        }
        catch (FormatException error)
        {
            throw new ToolException(TaskExitCode.Usage, Printable.Escape(error.Message, Printable.LongestText), error);
        }
    }
}
