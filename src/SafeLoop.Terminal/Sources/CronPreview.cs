using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>Previews a schedule without an application, with the effects of daylight saving.</summary>
internal sealed class CronPreview(TimeProvider time)
{
    /// <exception cref="ToolException">The expression or the zone cannot be read.</exception>
    public SchedulePreview Preview(string? cron, TimeSpan? every, string? zone)
    {
        var schedule = cron is null ? null : CronSlots.Parse(cron, zone);
        var preview = new PreviewReader(time).Preview(cron, every, zone);
        if (schedule is null)
            return preview;
        var slots = CronSlots.After(schedule, preview.From, preview.Count);
        return preview with
        {
            Next = [.. slots.Take(preview.Next.Count)],
            Daylight = [.. slots.Where(slot => slot.Daylight is not DaylightReason.None).Take(PreviewReader.MostDaylight)],
        };
    }
}
