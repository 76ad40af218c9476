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

    private static string Two(int first, string unit, int second, string smaller) =>
        first == 0 ? Write($"{second} {smaller}")
        : second == 0 ? Write($"{first} {unit}")
        : Write($"{first} {unit} {second} {smaller}");

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
