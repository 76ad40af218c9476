using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>How a viewer wants pages. Kept in cookies, so that it works without a script and without a session.</summary>
internal sealed record Preferences
{
    public const string ThemeCookie = "safeloop-theme", ZoneCookie = "safeloop-zone";

    /// <summary>The zone of each task.</summary>
    public const string TaskZone = "task";

    public const string Utc = "UTC";

    /// <summary>The themes; the first follows the system.</summary>
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    /// <summary>One of <see cref="Themes"/>.</summary>
    public string Theme { get; init; } = Themes[0];

    /// <summary>UTC, <see cref="TaskZone"/> or the id of a time zone.</summary>
    public string Zone { get; init; } = Utc;

    public static Preferences Read(IRequestCookieCollection cookies)
    {
        var (theme, zone) = (cookies[ThemeCookie], cookies[ZoneCookie]);
        return new()
        {
            Theme = theme is not null && Themes.Contains(theme) ? theme : Themes[0],
            Zone = zone is not null && IsZone(zone) ? zone : Utc,
        };
    }

    /// <summary>True for a zone that can be chosen.</summary>
    public static bool IsZone(string text) => text is TaskZone or Utc || TimeZoneInfo.TryFindSystemTimeZoneById(text, out _);

    /// <summary>The zone of all times; null: that of each task.</summary>
    public TimeZoneInfo? FindZone() => Zone switch
    {
        TaskZone => null,
        Utc => TimeZoneInfo.Utc,
        _ => TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) ? zone : TimeZoneInfo.Utc,
    };
}
