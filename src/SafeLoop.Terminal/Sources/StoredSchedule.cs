using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>
/// A schedule as a store has it: one line, without exclusions, rules for daylight saving and jitter. So its slots are those
/// that the task would have without these.
/// </summary>
/// <param name="Cron">The schedule; null: it is an interval.</param>
/// <param name="Interval">The interval, of <c>Every</c> or <c>WithDelay</c>; null: it is cron.</param>
internal sealed record StoredSchedule(CronSchedule? Cron, TimeSpan? Interval)
{
    private const string Spread = " spread";

    private static readonly int[] FieldCounts = [6, 5, 1];

    /// <summary>The part that no reader of the text can know.</summary>
    public const string Missing =
        "The store has no exclusions, jitter, back-off or daylight saving rules of a task, so slots may differ. Ask the "
        + "application (safeloop --url) to be sure.";

    /// <summary>Reads what the store has.</summary>
    /// <returns>Null: it is unknown, or another kind of schedule.</returns>
    public static StoredSchedule? Read(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.EndsWith(Spread, StringComparison.Ordinal))
            return null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // A single number is a time span as well as the minute of a cron expression.
        if (words[0].Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(words[0], "c", CultureInfo.InvariantCulture, out var interval))
            return new(null, interval);
        foreach (var fields in FieldCounts) // what follows is the zone, whose id may have spaces on Windows
        {
            if (words.Length >= fields && TryParse(words[..fields], words[fields..], out var cron))
                return new(cron, null);
        }
        return null;
    }

    /// <summary>The next slots after an instant; none of an interval, which counts from what the store does not have.</summary>
    public IReadOnlyList<UpcomingSlot> NextAfter(DateTimeOffset instant, int count) =>
        Cron is null ? [] : CronSlots.After(Cron, instant, count);

    private static bool TryParse(string[] fields, string[] zone, [NotNullWhen(true)] out CronSchedule? schedule)
    {
        schedule = null;
        var id = zone.Length == 0 ? null : string.Join(' ', zone);
        if (CronZones.IsLocal(id))
            return false; // the zone of the host, which may be another machine
        try
        {
            schedule = CronSchedule.Parse(string.Join(' ', fields), id);
            return true;
        }
        catch (FormatException)
        {
            return false; // fewer fields may be right, or it is no cron schedule
        }
    }
}
