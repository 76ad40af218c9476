using System.Globalization;
using SafeLoop.Storage;

namespace SafeLoop.Tests;

// What pages and tools read.
internal sealed partial class MemoryApplication
{
    public IReadOnlyList<RecurringTaskInstance> QueryInstances() =>
    [
        .. _instances.Values.Reverse().Take(1_000).Select(row => new RecurringTaskInstance
        {
            Id = row.Instance.Id,
            Host = row.Instance.Host,
            ProcessId = row.Instance.ProcessId,
            Version = row.Instance.Version,
            State = row.State,
            Started = row.Started,
            LastHeartbeat = row.Heartbeat,
            Ended = row.Ended,
            LastSample = row.LastSample,
        }),
    ];

    public IReadOnlyList<HistoryEntry> QueryLatest(int count) =>
    [
        .. rules.LatestOf(
            _tasks.Values.SelectMany(task =>
                History.Query(new() { TaskName = task.Name, PageSize = count }, task).Entries),
            count),
    ];

    public SamplePage Query(SampleQuery query)
    {
        var samples = _instances.GetValueOrDefault(query.Instance)?.Samples ?? [];
        var found = samples.Values
            .Where(sample => sample.Taken < query.To && query.From - sample.Taken < TimeSpan.FromMinutes(1));
        var (page, cursor) = Page(found.Reverse(), query.PageSize, query.Cursor);
        return new() { Samples = page, Cursor = cursor };
    }

    public IReadOnlyList<HistoryGap> QueryGaps(DateTimeOffset since) =>
        [.. Gaps.Where(gap => rules.IsRecent(gap, since)).OrderByDescending(gap => gap.To).Take(1_000)];

    public TotalPage Query(TotalQuery query)
    {
        var first = new DateTimeOffset(query.From.UtcTicks - (query.From.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var found = _tasks.Values
            .Where(task => query.TaskName is null || task == FindTask(query.TaskName))
            .SelectMany(Totals.Of)
            .Where(total => total.Hour >= first && total.Hour < query.To)
            .OrderByDescending(total => total.Hour).ThenBy(total => total.TaskName).ThenBy(total => total.Outcome)
            .ThenBy(total => total.Reason);
        var (page, cursor) = Page(found, query.PageSize, query.Cursor);
        return new() { Totals = page, Cursor = cursor };
    }

    public LoopPage Query(LoopQuery query)
    {
        var loops = query.TaskName is null
            ? _tasks.Values.OrderBy(task => task.Name, StringComparer.OrdinalIgnoreCase).Select(TaskAsWhole)
            : FindTask(query.TaskName)?.Loops.Select(loop => loop.State).Where(loop => loop.Key is not null)
                .OrderBy(loop => loop.Key, StringComparer.Ordinal) ?? Enumerable.Empty<StoredLoop>();
        var found = loops.Where(loop => query.Prefix is null || loop.Key!.StartsWith(query.Prefix, StringComparison.Ordinal))
            .Where(loop => query.Filter switch
            {
                LoopFilter.Failing => loop.ConsecutiveFailures > 0,
                LoopFilter.Paused => loop.Pause is not null,
                LoopFilter.Ended => loop.End is not null,
                _ => true,
            });
        var (page, cursor) = Page(found, query.PageSize, query.Cursor);
        return new() { Loops = page, Cursor = cursor };
    }

    private StoredLoop TaskAsWhole(MemoryTask task) =>
        (task.FindLoop(null)?.State ?? new() { TaskName = task.Name }) with { Schedule = task.Schedule };

    private static (List<T> Page, string? Cursor) Page<T>(IEnumerable<T> all, int size, string? cursor)
    {
        var skipped = 0;
        if (cursor is not null && !int.TryParse(cursor, CultureInfo.InvariantCulture, out skipped))
            throw new ArgumentException("The cursor is not one of this store.", nameof(cursor));
        var found = all.Skip(skipped).Take(size + 1).ToList();
        return (found[..Math.Min(size, found.Count)], found.Count > size ? $"{skipped + size}" : null);
    }
}
