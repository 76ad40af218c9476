using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>Previews a schedule without an application, with the effects of daylight saving.</summary>
internal sealed class CronPreview(TimeProvider time)
{
    /// <param name="cron">The expression; null: an interval.</param>
    /// <param name="every">The interval; null: a cron schedule.</param>
    /// <param name="zone">The zone of the expression.</param>
    /// <param name="before">The schedule to compare with; null: none.</param>
    /// <exception cref="ToolException">The expression or the zone cannot be read.</exception>
    public SchedulePreview Preview(string? cron, TimeSpan? every, string? zone, CronSchedule? before = null) =>
        new PreviewReader(time).Preview(
            cron, every, zone, SlotsOf(cron is null ? null : CronSlots.Parse(cron, zone)), SlotsOf(before));

    // The dashboard has only the public API, which does not say of a schedule alone what daylight saving does to its slots.
    private IReadOnlyList<UpcomingSlot>? SlotsOf(CronSchedule? schedule) =>
        schedule is null ? null : CronSlots.After(schedule, time.GetUtcNow(), PreviewReader.MostSlots);
}
