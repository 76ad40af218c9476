using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Writes a schedule in words.</summary>
internal static class ScheduleWords
{
    public static string Describe(RecurringTaskOptions options) => options switch
    {
        { Cron: { } cron } => $"cron {cron} ({options.TimeZone ?? "UTC"})",
        { Every: { } period } => $"every {DurationText.Exact(period)}",
        { Delay: { } delay } => $"{DurationText.Exact(delay)} after the end of each iteration",
        { Continuously: true } => "continuously",
        { DelayPolicy: { } policy } => $"by {policy.GetType().Name}",
        _ => "a schedule per key",
    };

    /// <summary>Describes the schedule of a task that is on other hosts only, as the store has it.</summary>
    public static string DescribeStored(string? schedule)
    {
        var (span, rest) = schedule?.Split(' ', 2) switch
        {
            [var first, var others] => (first, $" ({others})"),
            [var first] => (first, ""),
            _ => ("", ""),
        };
        return span.Contains(':') && TimeSpan.TryParseExact(span, "c", CultureInfo.InvariantCulture, out var period)
            ? $"every {DurationText.Exact(period)}, or that long after each iteration{rest}"
            : schedule ?? "";
    }
}
