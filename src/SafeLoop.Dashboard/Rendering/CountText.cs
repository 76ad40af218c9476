using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Writes numbers for people, whatever the culture of the host.</summary>
internal static class CountText
{
    public static string Of(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with its noun: 1 key, 2 keys.</summary>
    public static string Of(long count, string noun) => $"{Of(count)} {noun}{(count == 1 ? "" : "s")}";
}
