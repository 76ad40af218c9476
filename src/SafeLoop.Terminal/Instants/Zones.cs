namespace SafeLoop.Terminal;

/// <summary>Instants in a zone.</summary>
internal static class Zones
{
    public const string Utc = "UTC";

    /// <summary>Writes instants in a zone. Null, or unknown on this machine: UTC.</summary>
    public static TimeText In(string? zone) => new(InfoOf(zone));

    /// <summary>The instant with the offset that the zone has then.</summary>
    public static DateTimeOffset Of(string zone, DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, InfoOf(zone)); // from an instant, never from a local time

    /// <summary>For example <c>2026-03-29 03:00:00 +02:00</c>, or <c>2026-03-29 01:00:00 UTC</c>.</summary>
    /// <param name="instant">The instant; null: an empty text.</param>
    /// <param name="zone">The id of the zone; null or unknown on this machine: UTC.</param>
    public static string Write(DateTimeOffset? instant, string? zone) =>
        instant is { } known ? In(zone).At(known) : "";

    /// <summary>The zone of a task where this machine knows it; null: UTC. <c>Local</c> is the zone of another machine.</summary>
    public static string? Known(string? zone) =>
        zone is not null && !CronZones.IsLocal(zone) && CronZones.TryFind(zone, out _, out _) ? zone : null;

    private static TimeZoneInfo InfoOf(string? zone) =>
        CronZones.TryFind(zone, out var found, out _) ? found.Info : TimeZoneInfo.Utc;
}
