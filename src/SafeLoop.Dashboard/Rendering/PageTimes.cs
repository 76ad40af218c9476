using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Writes instants in the zone that the viewer has chosen, and always says which.</summary>
/// <param name="zone">The zone; null: that of each task.</param>
/// <param name="now">The present time.</param>
internal sealed class PageTimes(TimeZoneInfo? zone, DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    /// <summary>The zone in which an instant is written.</summary>
    /// <param name="taskZone">The zone of the task that it belongs to; null: none.</param>
    public TimeZoneInfo ZoneOf(string? taskZone) =>
        zone ?? (taskZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(taskZone, out var found)
            ? found : TimeZoneInfo.Utc);

    public DateTimeOffset ToLocal(DateTimeOffset at, string? taskZone) => TimeZoneInfo.ConvertTime(at, ZoneOf(taskZone));

    /// <summary>The time of day, and the date unless it is today's.</summary>
    public string Short(DateTimeOffset at, string? taskZone)
    {
        var (local, today) = (ToLocal(at, taskZone), ToLocal(now, taskZone));
        var format = local.Date == today.Date ? "HH:mm:ss" : local.Year == today.Year ? "d MMM HH:mm:ss" : "d MMM yyyy HH:mm:ss";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The time of day.</summary>
    public string Clock(DateTimeOffset at, string? taskZone) =>
        ToLocal(at, taskZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The day of the week and the date.</summary>
    public string Day(DateTimeOffset at, string? taskZone) =>
        ToLocal(at, taskZone).ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>The zone beside a time: UTC, or the offset at that time.</summary>
    public string Zone(DateTimeOffset at, string? taskZone)
    {
        var chosen = ZoneOf(taskZone);
        return IsUtc(chosen) ? "UTC" : ToLocal(at, taskZone).ToString("zzz", CultureInfo.InvariantCulture);
    }

    /// <summary>Everything about an instant, for a tooltip.</summary>
    public string Full(DateTimeOffset at, string? taskZone)
    {
        var (local, chosen) = (ToLocal(at, taskZone), ZoneOf(taskZone));
        var text = local.ToString("yyyy-MM-dd HH:mm:ss.FFF zzz", CultureInfo.InvariantCulture);
        return IsUtc(chosen) ? $"{text} UTC" : $"{text} {chosen.Id}";
    }

    /// <summary>How far away an instant is.</summary>
    public string Relative(DateTimeOffset at)
    {
        var distance = at - now;
        return distance.Duration() < TimeSpan.FromSeconds(1) ? "now"
            : distance > TimeSpan.Zero ? $"in {DurationText.Rough(distance)}"
            : $"{DurationText.Rough(-distance)} ago";
    }

    /// <summary>The form in which a query has an instant.</summary>
    public static string Query(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool IsUtc(TimeZoneInfo chosen) => chosen.Id is "UTC" or "Etc/UTC";
}
