using System.Globalization;

namespace SafeLoop.Tests.Schedules;

/// <summary>Times as the tables of the cron tests write them: <c>2016-03-13 03:00 -04:00</c>.</summary>
internal static class CronTimes
{
    private const string Format = "yyyy-MM-dd HH:mm zzz";

    internal static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    internal static string Text(DateTimeOffset? time) => time?.ToString(Format, CultureInfo.InvariantCulture) ?? "never";

    internal static IEnumerable<DateTimeOffset> After(this CronSchedule delay, DateTimeOffset instant)
    {
        for (var next = delay.NextAfter(instant); next is not null; next = delay.NextAfter(next.Value)) yield return next.Value;
    }

    internal static IEnumerable<DateTimeOffset> Before(this CronSchedule delay, DateTimeOffset instant)
    {
        for (var last = delay.PreviousBefore(instant); last is not null; last = delay.PreviousBefore(last.Value))
            yield return last.Value;
    }
}
