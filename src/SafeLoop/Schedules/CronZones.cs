using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>The zones of this machine by IANA or Windows id. Each is loaded once and shared by all schedules.</summary>
internal static class CronZones
{
    internal const string Utc = "UTC";
    private const string Local = "Local";

    // Holds only ids that were found, so it is bounded by the machine's zone database.
    private static readonly ConcurrentDictionary<string, CronZone> Known = new(StringComparer.Ordinal) { [Utc] = CronZone.Utc };

    // The machine's zone may change after TimeZoneInfo.ClearCachedData.
    private static volatile CronZone _local = CronZone.Utc;

    internal static bool TryFind(
        string? id, [NotNullWhen(true)] out CronZone? zone, [NotNullWhen(false)] out string? mistake)
    {
        mistake = null;
        if (IsLocal(id))
            zone = OfThisMachine();
        else if (!Known.TryGetValue(id ?? Utc, out zone) && TryLoad(id!, out var loaded))
            zone = Known.GetOrAdd(id!, static (_, info) => new CronZone(info), loaded);

        if (zone is null)
            mistake = UnknownZone.Explain(id!);
        return zone is not null;
    }

    /// <summary>The id to display: the id as written; for <c>Local</c> the id of the machine's zone.</summary>
    internal static string IdOf(string? id) => IsLocal(id) ? TimeZoneInfo.Local.Id : id ?? Utc;

    internal static bool IsLocal(string? id) => Local.Equals(id, StringComparison.OrdinalIgnoreCase);

    private static CronZone OfThisMachine()
    {
        var (zone, info) = (_local, TimeZoneInfo.Local);
        return ReferenceEquals(zone.Info, info) ? zone : _local = new CronZone(info);
    }

    private static bool TryLoad(string id, [NotNullWhen(true)] out TimeZoneInfo? zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone)
        || (WindowsZoneIds.TryGetIana(id, out var iana) && TimeZoneInfo.TryFindSystemTimeZoneById(iana, out zone));
}
