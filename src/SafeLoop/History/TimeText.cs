using System.Globalization;

namespace SafeLoop;

/// <summary>Writes instants and durations for people: in the zone of a task, always alike whatever the culture is.</summary>
/// <param name="zone">The zone; UTC for a task without one.</param>
internal sealed class TimeText(TimeZoneInfo zone)
{
    private const string Format = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    /// <summary>The zone of the options of a task.</summary>
    public static TimeText For(RecurringTaskOptions? options) =>
        new(options?.Zone is { } id && CronZones.TryFind(id, out var zone, out _) ? zone.Info : TimeZoneInfo.Utc);

    /// <summary>The id of the zone.</summary>
    public string Zone => zone.Id;

    /// <summary>For example <c>2026-03-29 03:00:00 +02:00</c>, or <c>2026-03-29 01:00:00 UTC</c>.</summary>
    public string At(DateTimeOffset instant)
    {
        var offset = zone.GetUtcOffset(instant);
        var ticks = instant.UtcTicks + offset.Ticks;
        var isInZone = ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks; // false only at the ends of time
        return isInZone && zone.Id != TimeZoneInfo.Utc.Id
            ? new DateTimeOffset(ticks, offset).ToString($"{Format} zzz", CultureInfo.InvariantCulture)
            : instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) + " UTC";
    }

    public string At(Instant instant) => At(instant.ToDateTimeOffset());

    /// <summary>For example <c> by 'anna' since 2026-03-29 01:00:00 UTC until … (maintenance)</c>.</summary>
    public string For(TaskPause pause) =>
        (pause.By is { } by ? $" by '{Printable.Escape(by)}'" : "")
        + (pause.Since == default ? "" : $" since {At(pause.Since)}")
        + (pause.Until is { } until ? $" until {At(until)}" : "")
        + (pause.Reason.Length > 0 ? $" ({AbsenceText.Trim(pause.Reason)})" : "");

    /// <summary>A local time without its date, from ticks.</summary>
    public static string TimeOfDay(long localTicks) =>
        new DateTime(localTicks).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For example <c>250 ms</c>, <c>2.5 s</c> or <c>1.02:03:04</c>.</summary>
    public static string For(TimeSpan span) => span.Ticks switch
    {
        > -TimeSpan.TicksPerSecond and < TimeSpan.TicksPerSecond =>
            FormattableString.Invariant($"{span.TotalMilliseconds:0.###} ms"),
        > -TimeSpan.TicksPerMinute and < TimeSpan.TicksPerMinute => FormattableString.Invariant($"{span.TotalSeconds:0.###} s"),
        var ticks => new TimeSpan(ticks - (ticks % TimeSpan.TicksPerSecond)).ToString("c", CultureInfo.InvariantCulture),
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
