namespace SafeLoop;

/// <summary>Explains why a zone is unknown: it is mistyped, or the machine has no data for it.</summary>
internal static class UnknownZone
{
    private const string InvariantVariable = "DOTNET_SYSTEM_TIMEZONE_INVARIANT";
    private const string InvariantSwitch = "System.TimeZoneInfo.Invariant";

    internal static string Explain(string id)
    {
        string[] installed = [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => !IsUtc(zone)).Select(zone => zone.Id)];
        if (installed.Length == 0)
        {
            var reason = IsSwitchedOff
                ? $"time zones are switched off for this process ({InvariantVariable} or InvariantTimezone). Remove that setting"
                : "no time zone data is installed on this machine. Install it (the package tzdata of most Linux images)";
            return $"Time zone '{id}' is not known: {reason}, or use UTC.";
        }
        if (WindowsZoneIds.TryGetIana(id, out var iana)) // the id is known, so it is not mistyped
        {
            return $"Time zone '{id}' is not known: it means {iana}, which the time zone data of this machine does not contain. "
                + "Install the complete data, or use another id.";
        }
        return $"Time zone '{id}' is not known on this machine{Suggestion(id, installed) ?? "."} "
            + "Use an IANA id such as Europe/Berlin, a Windows id, UTC, or Local for the zone of the machine.";
    }

    private static bool IsSwitchedOff =>
        (AppContext.TryGetSwitch(InvariantSwitch, out var isOff) && isOff)
        || Environment.GetEnvironmentVariable(InvariantVariable) is "1" or "true" or "TRUE" or "True";

    private static bool IsUtc(TimeZoneInfo zone) => zone.HasSameRules(TimeZoneInfo.Utc);

    private static string? Suggestion(string id, IEnumerable<string> installed)
    {
        var ids = installed.Concat(WindowsZoneIds.All).Append(CronZones.Utc).ToList();
        var ending = "/" + id.Trim().Replace(' ', '_');
        var city = ids.FirstOrDefault(known => known.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        var closest = city ?? DidYouMean.Closest(id, ids);
        return closest is null ? null : $", did you mean '{closest}'?";
    }
}
