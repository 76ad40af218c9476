using System.Globalization;

namespace SafeLoop.Tests;

/// <summary>
/// Records as the tests of slots write them: <c>4 ok</c>, started late <c>4 ok @6</c>, several slots <c>8 Missed
/// x3</c>; in seconds since the host's start.
/// </summary>
internal static class SlotText
{
    public static string[] Slots(this LoopHost host, string? task = null) =>
        [.. host.Records(task).Select(record => Of(record, LoopHost.Start))];

    public static string Of(IterationRecord record, DateTimeOffset origin)
    {
        var text = $"{Seconds(record.Slot - origin)} {How(record)}";
        if (record.Count > 1)
            text += $" x{record.Count}";
        return record.Number > 0 && record.Started != record.Slot ? $"{text} @{Seconds(record.Started - origin)}" : text;
    }

    private static string How(IterationRecord record) => record switch
    {
        { Reason: not OutcomeReason.None } => record.Reason.ToString(),
        { Outcome: IterationOutcome.Succeeded } => "ok",
        _ => record.Outcome.ToString(),
    };

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
