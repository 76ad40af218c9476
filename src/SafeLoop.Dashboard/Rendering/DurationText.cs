using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Writes durations for people.</summary>
internal static class DurationText
{
    /// <summary>Two units at most: 350 ms, 1.25 s, 3 min 5 s, 2 h 10 min, 4 d 3 h.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => $"-{Of(-span)}",
        { TotalMilliseconds: 0 } => "0 ms",
        { TotalMilliseconds: < 1 } => "< 1 ms",
        { TotalMilliseconds: < 1_000 } => Write($"{Math.Floor(span.TotalMilliseconds):0} ms"),
        { TotalSeconds: < 60 } => Write($"{Math.Floor(span.TotalSeconds * 100) / 100:0.##} s"),
        { TotalMinutes: < 60 } => Two(span.Minutes, "min", span.Seconds, "s"),
        { TotalHours: < 24 } => Two(span.Hours, "h", span.Minutes, "min"),
        _ => Two(span.Days, "d", span.Hours, "h"),
    };

    /// <summary>One unit: how far away something is.</summary>
    public static string Rough(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => Write($"{Math.Floor(span.TotalSeconds):0} s"),
        { TotalMinutes: < 60 } => Write($"{Math.Floor(span.TotalMinutes):0} min"),
        { TotalHours: < 48 } => Two(0, "", (int)span.TotalHours, "h"),
        _ => Two(0, "", span.Days, "days"),
    };

    /// <summary>All units: 5 min, 1 d 1 h 1 min, 1 min 0.5 s.</summary>
    public static string Exact(TimeSpan span)
    {
        if (span.Ticks < 0)
            return $"-{Exact(-span)}";
        var seconds = span.Seconds + (decimal)(span.Ticks % TimeSpan.TicksPerSecond) / TimeSpan.TicksPerSecond;
        (decimal Count, string Unit)[] parts = [(span.Days, "d"), (span.Hours, "h"), (span.Minutes, "min"), (seconds, "s")];
        var text = string.Join(
            ' ', parts.Where(part => part.Count > 0).Select(part => Write($"{part.Count:0.#######} {part.Unit}")));
        return text.Length == 0 ? "0 s" : text;
    }

    private static string Two(int first, string unit, int second, string smaller) =>
        first == 0 ? Write($"{second} {smaller}")
        : second == 0 ? Write($"{first} {unit}")
        : Write($"{first} {unit} {second} {smaller}");

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
