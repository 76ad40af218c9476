using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Reads <c>Prefer: wait=10</c> (RFC 7240): how long the client waits for the result.</summary>
internal static class PreferredWait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>At most 30 seconds; zero: the client does not wait.</summary>
    public static TimeSpan Of(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            if (preference.Split('=', StringSplitOptions.TrimEntries) is ["wait", var text]
                && int.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
        }
        return TimeSpan.Zero;
    }
}
