using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Numbers as the reports write them, whatever the machine's language.</summary>
internal static class Text
{
    public static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Count(long count) => count.ToString("N0", Culture);

    public static string Bytes(long bytes)
    {
        var size = (double)bytes;
        var unit = 0;
        for (; Math.Abs(size) >= 1024 && unit < Units.Length - 1; unit++)
            size /= 1024;
        return size.ToString(unit == 0 ? "0" : "0.0", Culture) + " " + Units[unit];
    }

    public static string Share(double share) =>
        share is > 0 and < 0.01 ? "under 1 %" : Math.Floor(share * 100).ToString("0", Culture) + " %";

    public static string Duration(TimeSpan duration) => duration < TimeSpan.FromSeconds(1)
        ? duration.TotalMilliseconds.ToString("0", Culture) + " ms"
        : duration.TotalSeconds.ToString("0.0", Culture) + " s";

    /// <summary>"1 chain", "3 chains".</summary>
    public static string Plural(long count, string noun) => Count(count) + " " + noun + (count == 1 ? "" : "s");

    /// <summary>Without terminal commands, since the inspected process chooses the names.</summary>
    public static string Printable(string text) =>
        text.Any(IsCommand) ? string.Concat(text.Select(one => IsCommand(one) ? '?' : one)) : text;

    /// <summary>Below the current directory as seen from there, else whole.</summary>
    public static string File(string path)
    {
        var here = Directory.GetCurrentDirectory() + Path.DirectorySeparatorChar;
        return path.StartsWith(here, StringComparison.Ordinal) ? path[here.Length..] : path;
    }

    private static bool IsCommand(char one) => char.IsControl(one) && one is not '\t';
}
