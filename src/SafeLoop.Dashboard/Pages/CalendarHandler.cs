using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Makes the calendar: the next days of all tasks of this host.</summary>
internal static class CalendarHandler
{
    private const int MostPerTask = 300, MostListed = 300, DayMinutes = 24 * 60;

    private static readonly TimeSpan Frequent = TimeSpan.FromMinutes(10);

    private static readonly ApiParameter<int> Days = ApiParameters.Number("days", "How many days.", 1, 14, 3);

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        var days = request.Query.Read(Days);
        if (request.Query.Refusal is { } refusal)
            return refusal;
        var model = await request.Reads.GetAsync(
            ("calendar", days), _ => Task.FromResult(Read(request, days)), request.Api.Aborted).ConfigureAwait(false);
        return request.Page("Calendar", CalendarPage.Render(request.View, model));
    }

    private static CalendarModel Read(PageRequest request, int days)
    {
        var (now, end) = (request.View.Now, request.View.Now.AddDays(days));
        var (slots, frequent, isCut) = (new List<CalendarSlot>(), new List<(string, string)>(), false);
        foreach (var task in request.Api.Tasks.All)
        {
            var upcoming = task.UpcomingSlots(MostPerTask);
            if (IsFrequent(upcoming) || task.Snapshot().Keys is not null)
            {
                frequent.Add((task.Name, ScheduleWords.Describe(task.Options)));
                continue;
            }
            var within = upcoming.Where(slot => slot.Slot < end).ToList();
            isCut |= within.Count == MostPerTask;
            slots.AddRange(within.Select(slot => new CalendarSlot(task.Name, slot)));
        }
        slots = [.. slots.OrderBy(slot => slot.Slot.Slot)];
        return new()
        {
            Days = days,
            From = now,
            To = end,
            Slots = [.. slots.Take(MostListed)],
            IsCut = isCut || slots.Count > MostListed,
            Load = LoadOf(slots, now),
            Frequent = frequent,
            Changes = FindChanges(slots, now, end),
        };
    }

    private static bool IsFrequent(IReadOnlyList<UpcomingSlot> slots) =>
        slots.Count == MostPerTask && (slots[^1].Slot - slots[0].Slot) / (MostPerTask - 1) <= Frequent;

    private static int[] LoadOf(IEnumerable<CalendarSlot> slots, DateTimeOffset now)
    {
        var (load, first) = (new int[DayMinutes], Hour(now));
        foreach (var slot in slots)
        {
            var minute = (int)Math.Floor((slot.Slot.Slot - first).TotalMinutes);
            if (minute is >= 0 and < DayMinutes)
                load[minute]++;
        }
        return load;
    }

    /// <summary>The beginning of the hour, with which the map of the load begins.</summary>
    public static DateTimeOffset Hour(DateTimeOffset now) =>
        new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static IReadOnlyList<ClockChange> FindChanges(
        IReadOnlyList<CalendarSlot> slots, DateTimeOffset begin, DateTimeOffset end) =>
    [
        .. from zone in slots.Select(slot => slot.Slot.Zone).OfType<string>().Distinct()
           where TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)
           from change in ClockChanges.Find(TimeZoneInfo.FindSystemTimeZoneById(zone), begin, end)
           let affected = slots.Count(slot => slot.Slot.Zone == zone && slot.Slot.Daylight is not DaylightReason.None)
           orderby change.At
           select new ClockChange(zone, change.At, change.Before, change.After, affected),
    ];
}
