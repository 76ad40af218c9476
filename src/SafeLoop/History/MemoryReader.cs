using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>What a host knows of itself, without a store.</summary>
internal sealed class MemoryReader(RecurringTasks tasks, HostSampler sampler, TimeProvider time)
{
    private readonly MemorySamples _samples = new(sampler, tasks, time);
    private readonly Guid _id = Guid.NewGuid();
    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>This host.</summary>
    public RecurringTaskInstance Instance => new()
    {
        Id = _id,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Version = EntryAssembly.Version,
        Started = _started,
        LastHeartbeat = time.GetUtcNow(),
        LastSample = _samples.Take(),
    };

    /// <summary>The last entries of each task, newest slot first within a task.</summary>
    public IReadOnlyList<HistoryEntry> QueryLatest(int count) =>
    [
        .. tasks.All.SelectMany(task => MemoryHistory.Query(
            LoopRecords.ReadAll(task), new() { TaskName = task.Name, PageSize = count }).Entries),
    ];

    /// <summary>The samples of this host, of which the call takes one.</summary>
    public SamplePage QuerySamples(SampleQuery query)
    {
        _samples.Take();
        return query.Instance == _id ? _samples.Query(query) : new() { Samples = [] };
    }

    /// <summary>The totals of the records in memory. Keys keep few, so a keyed task has next to none.</summary>
    public TotalPage QueryTotals(TotalQuery query)
    {
        var skipped = query.Cursor is null ? 0 : (int)PageRules.ReadCursor(query.Cursor, "totals", int.MaxValue);
        var totals =
            from task in tasks.All
            where query.TaskName is null || task.Name.Equals(query.TaskName, StringComparison.OrdinalIgnoreCase)
            from loop in LoopRecords.ReadAll(task)
            from slot in loop.Records
            let record = slot.Record
            let hour = HourOf(record.Ended.ToDateTimeOffset())
            where hour >= HourOf(query.From) && hour < query.To
            group record by (hour, task.Name, record.Outcome, record.Reason) into same
            orderby same.Key.hour descending, same.Key.Name, same.Key.Outcome, same.Key.Reason
            select new HourlyTotal
            {
                TaskName = same.Key.Name,
                Hour = same.Key.hour,
                Outcome = same.Key.Outcome,
                Reason = same.Key.Reason,
                Count = same.Sum(record => record.Count),
                Elapsed = new(same.Sum(record => record.Elapsed.Ticks)),
                LongestElapsed = same.Max(record => record.Elapsed),
                MaxLateness = same.Max(record => record.Lateness),
            };
        var found = totals.Skip(skipped).Take(query.PageSize + 1).ToList();
        var page = found.Take(query.PageSize).ToList();
        return new()
        {
            Totals = page,
            Cursor = found.Count == page.Count ? null : PageRules.FormatCursor(skipped + page.Count),
        };
    }

    private static DateTimeOffset HourOf(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
