using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Previews a schedule over a year, alone or as a change of a task.</summary>
internal sealed class PreviewReader(TimeProvider time)
{
    /// <summary>The most slots of a schedule that are read.</summary>
    public const int MostSlots = 20_000;

    private const int FirstSlots = 10, MostDaylight = 50;

    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    /// <summary>Previews a change of a task.</summary>
    /// <exception cref="InvalidRecurringTaskException">The schedule is invalid for the task.</exception>
    public SchedulePreview Preview(RecurringTaskHandle task, string? cron, TimeSpan? every, string? zone)
    {
        var (before, options) = (task.Options, task.Options);
        if (cron is not null || every is not null)
        {
            (options.Cron, options.Every, options.Delay, options.DelayPolicy) = (cron, every, null, null);
            options.Continuously = false;
        }
        if (zone is not null)
            options.TimeZone = zone;
        var slots = task.PreviewSlots(options, MostSlots);
        var preview = Create(ScheduleWords.Describe(options), slots) with
        {
            ScheduleBefore = ScheduleWords.Describe(before),
            Notes = NotesOf(options.Cron, options.TimeZone, options.CronDialect),
        };
        return WithEnd(SlotComparison.Compare(Within(task.UpcomingSlots(MostSlots), preview.To), slots, MostSlots, preview));
    }

    /// <summary>Previews a schedule without a task.</summary>
    /// <param name="cron">The expression; null: an interval.</param>
    /// <param name="every">The interval; null: a cron schedule.</param>
    /// <param name="zone">The zone of the expression.</param>
    /// <param name="before">The schedule to compare with; null: none.</param>
    /// <exception cref="FormatException">The expression or the zone cannot be read.</exception>
    public SchedulePreview Preview(string? cron, TimeSpan? every, string? zone, CronSchedule? before = null)
    {
        var slots = cron is null ? SlotsEvery(every!.Value) : SlotsOf(CronSchedule.Parse(cron, zone));
        var options = new RecurringTaskOptions { Cron = cron, Every = every, TimeZone = zone };
        var preview = Create(ScheduleWords.Describe(options), slots) with { Notes = NotesOf(cron, zone, null) };
        return WithEnd(before is null
            ? preview
            : SlotComparison.Compare(Within(SlotsOf(before), preview.To), slots, MostSlots, preview));
    }

    private List<UpcomingSlot> SlotsOf(CronSchedule schedule) => CronSlots.After(schedule, time.GetUtcNow(), MostSlots);

    private List<UpcomingSlot> SlotsEvery(TimeSpan period)
    {
        var slots = new List<UpcomingSlot>();
        for (var slot = time.GetUtcNow(); slots.Count < MostSlots && period <= DateTimeOffset.MaxValue - slot;)
            slots.Add(new() { Slot = slot += period });
        return slots;
    }

    private static SchedulePreview WithEnd(SchedulePreview preview) => preview.To >= preview.From + Year ? preview : preview with
    {
        Notes =
        [
            .. preview.Notes,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The preview ends before a year is over, because it reads at most {MostSlots:N0} slots of a schedule."),
        ],
    };

    private SchedulePreview Create(string schedule, IReadOnlyList<UpcomingSlot> slots)
    {
        var from = time.GetUtcNow();
        var within = Within(slots, from + Year);
        return new()
        {
            Schedule = schedule,
            From = from,
            To = slots.Count == MostSlots && slots[^1].Slot < from + Year ? slots[^1].Slot : from + Year,
            Next = [.. slots.Take(FirstSlots)],
            Count = within.Count,
            Daylight = [.. within.Where(slot => slot.Daylight is not DaylightReason.None).Take(MostDaylight)],
            Notes = [],
        };
    }

    private static List<UpcomingSlot> Within(IReadOnlyList<UpcomingSlot> slots, DateTimeOffset end) =>
        [.. slots.TakeWhile(slot => slot.Slot < end)];

    private static string[] NotesOf(string? cron, string? zone, CronDialect? dialect) =>
        cron is not null && CronSchedule.Parse(cron, zone, dialect: dialect).Warning is { } warning ? [warning] : [];
}
