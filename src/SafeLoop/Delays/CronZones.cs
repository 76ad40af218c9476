using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>The zones of this machine by IANA or Windows id; each is loaded once and shared by all schedules.</summary>
internal static class CronZones
{
    internal const string Utc = "UTC";

    // Holds only ids that were found, so it is bounded by the machine's zone database.
    private static readonly ConcurrentDictionary<string, CronZone> Known = new(StringComparer.Ordinal) { [Utc] = CronZone.Utc };

    internal static bool TryFind(
        string? id, [NotNullWhen(true)] out CronZone? zone, [NotNullWhen(false)] out string? mistake)
    {
        mistake = null;
        if (Known.TryGetValue(id ?? Utc, out zone)) return true;
        if (TryLoad(id!, out var loaded))
        {
            zone = Known.GetOrAdd(id!, static (_, info) => new CronZone(info), loaded);
            return true;
        }

        mistake = $"Time zone '{id}' is not known on this machine{Suggestion(id!)}. "
            + "Use an IANA id such as Europe/Berlin, a Windows id, or UTC.";
        return false;
    }

    private static bool TryLoad(string id, [NotNullWhen(true)] out TimeZoneInfo? zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone)
        || (WindowsZoneIds.TryGetIana(id, out var iana) && TimeZoneInfo.TryFindSystemTimeZoneById(iana, out zone));

    private static string Suggestion(string id)
    {
        var ids = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Concat(WindowsZoneIds.All).ToList();
        var ending = "/" + id.Trim().Replace(' ', '_');
        var city = ids.FirstOrDefault(known => known.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return city is not null ? $", did you mean '{city}'?" : DidYouMean.Ask(id, ids);
    }
}
