using System.Globalization;
using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>
/// Reads times as people write them: <c>03:00</c>, <c>2026-03-29 03:00</c> or an instant with its offset. Local times go
/// through a cron schedule, which never asks the machine about local times that do not exist or occur twice.
/// </summary>
/// <param name="now">The present.</param>
/// <param name="isPast">True: a time of day is the last one that has passed. False: the next one.</param>
internal sealed class InstantReader(DateTimeOffset now, bool isPast)
{
    private static readonly string[] Times = ["H:m", "H:m:s"];

    private static readonly string[] Dates =
        ["yyyy-M-d H:m", "yyyy-M-d H:m:s", "yyyy-M-d'T'H:m", "yyyy-M-d'T'H:m:s", "yyyy-M-d"];

    /// <summary>True when the zone does not matter.</summary>
    public static bool IsExact(string text) => text is "now" || InstantText.TryRead(text, out _);

    /// <param name="option">The name of the option, for the sentence about a time that cannot be read.</param>
    /// <param name="text">The time.</param>
    /// <param name="zone">The id of the zone; null: UTC.</param>
    /// <exception cref="ToolException">The time or the zone cannot be read.</exception>
    public ChosenInstant Read(string option, string text, string? zone)
    {
        var inZone = CronText.Parse("0 0 0 * * *", zone).Zone;
        if (text is "now")
            return new(Zones.Of(inZone, now), inZone, null);
        if (InstantText.TryRead(text, out var exact))
            return new(Zones.Of(inZone, exact!.Value), inZone, null);
        if (DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return AtTimeOfDay(option, text, TimeOnly.FromDateTime(time), inZone);
        if (DateTime.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return AtDate(option, text, local, inZone);
        throw Unreadable(option, text, "it must be a time such as 03:00, '2026-03-29 03:00' or 2026-03-29T03:00:00+02:00");
    }

    private ChosenInstant AtTimeOfDay(string option, string text, TimeOnly time, string zone)
    {
        var schedule = CronSchedule.Parse(
            $"{time.Second} {time.Minute} {time.Hour} * * *", zone, repeated: RepeatedTime.Both);
        var found = isPast ? schedule.PreviousBefore(now.AddTicks(1)) : schedule.NextAfter(now);
        if (found is not { } instant)
            throw Unreadable(option, text, "there is no such time");
        return new(
            instant, zone, Sentence(text, instant, zone, time, isPast ? "the last one that has passed" : "the next one"));
    }

    private ChosenInstant AtDate(string option, string text, DateTime local, string zone)
    {
        var schedule = CronSchedule.Parse(
            string.Create(
                CultureInfo.InvariantCulture, $"{local.Second} {local.Minute} {local.Hour} {local.Day} {local.Month} *"),
            zone, repeated: RepeatedTime.Both);
        if (local.Year is < 2 or > 9998)
            throw Unreadable(option, text, "its year is out of range");
        var around = new DateTimeOffset(local, TimeSpan.Zero);
        if (schedule.NextAfter(around.AddHours(-20)) is not { } instant || instant > around.AddHours(20))
            throw Unreadable(option, text, $"there is no such time in {zone}");
        var isRepeated = schedule.NextAfter(instant) is { } second && second < around.AddHours(20);
        return new(
            instant, zone,
            Sentence(text, instant, zone, TimeOnly.FromDateTime(local), isRepeated
                ? "the first of two; write the offset to choose the other" : null));
    }

    private static string Sentence(string text, DateTimeOffset instant, string zone, TimeOnly time, string? which)
    {
        var isSkipped = TimeOnly.FromTimeSpan(instant.TimeOfDay) != time;
        var note = isSkipped ? "that time does not exist then, because the clock is set forward" : which;
        var written = Zones.Write(instant, zone);
        var where = written.EndsWith(" UTC", StringComparison.Ordinal) ? "" : $" in {zone}";
        return $"{text} is taken as {written}{where}{(note is null ? "" : $", {note}")}.";
    }

    private static ToolException Unreadable(string option, string text, string why) =>
        new(TaskExitCode.Usage, $"{option} is '{Printable.Escape(text)}', but {why}.");
}
