using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Writes a schedule in words.</summary>
internal static class ScheduleWords
{
    public static string Describe(RecurringTaskOptions options) => options switch
    {
        { Cron: { } cron } => $"cron {cron} ({options.TimeZone ?? "UTC"})",
        { Every: { } period } => $"every {Span(period)}",
        { Delay: { } delay } => $"{Span(delay)} after the end of each iteration",
        { Continuously: true } => "continuously",
        { DelayPolicy: { } policy } => $"by {policy.GetType().Name}",
        _ => "a schedule per key",
    };

    private static string Span(TimeSpan span) => span.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s")
        : span.ToString("g", CultureInfo.InvariantCulture);
}
