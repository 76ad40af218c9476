using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>The totals per hour of an application.</summary>
internal sealed class MemoryTotals
{
    private readonly Dictionary<(MemoryTask, DateTimeOffset, IterationOutcome, OutcomeReason), HourlyTotal> _totals = [];

    public IEnumerable<HourlyTotal> Of(MemoryTask task) =>
        from total in _totals where total.Key.Item1 == task select total.Value with { TaskName = task.Name };

    /// <summary>What one outcome adds.</summary>
    public static HourlyTotal Of(HistoryEntry entry) => new()
    {
        TaskName = entry.TaskName,
        Hour = HourOf((entry.Record.Started + entry.Record.Elapsed).ToUniversalTime()),
        Outcome = entry.Record.Outcome,
        Reason = entry.Record.Reason,
        Count = entry.Record.Count,
        Elapsed = entry.Record.Elapsed,
        LongestElapsed = entry.LongestElapsed > TimeSpan.Zero ? entry.LongestElapsed : entry.Record.Elapsed,
        MaxLateness = entry.Record.Lateness,
    };

    public void Add(MemoryTask task, HourlyTotal total)
    {
        var key = (task, total.Hour, total.Outcome, total.Reason);
        _totals[key] = !_totals.TryGetValue(key, out var stored) ? total : stored with
        {
            Count = stored.Count + total.Count,
            Elapsed = stored.Elapsed + total.Elapsed,
            LongestElapsed = Greater(stored.LongestElapsed, total.LongestElapsed),
            MaxLateness = Greater(stored.MaxLateness, total.MaxLateness),
        };
    }

    public void Delete(DateTimeOffset now, TimeSpan age)
    {
        foreach (var key in _totals.Keys.Where(key => now - key.Item2 > age).ToList())
            _totals.Remove(key);
    }

    private static DateTimeOffset HourOf(DateTimeOffset instant) =>
        new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static TimeSpan Greater(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
