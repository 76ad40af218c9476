using System.Collections.Concurrent;

namespace SafeLoop.Tests.Schedules;

/// <summary>
/// The offset changes of the machine's zones, found on their own by looking every three hours and then every minute.
/// </summary>
internal static class ZoneChanges
{
    private static readonly ConcurrentDictionary<(string Zone, int Year), DateTimeOffset[]> Found = new();

    internal static string[] Zones { get; } = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)];

    internal static DateTimeOffset[] In(string zone, int year) =>
        Found.GetOrAdd((zone, year), static key => Find(key.Zone, key.Year));

    private static DateTimeOffset[] Find(string zoneId, int year)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var changes = new List<DateTimeOffset>();
        var end = new DateTimeOffset(year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var look = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero); look < end; look = look.AddHours(3))
        {
            if (zone.GetUtcOffset(look) == zone.GetUtcOffset(look.AddHours(3))) continue;
            var change = look.AddMinutes(1);
            while (zone.GetUtcOffset(change) == zone.GetUtcOffset(look)) change = change.AddMinutes(1);
            changes.Add(change);
        }

        return [.. changes];
    }
}
