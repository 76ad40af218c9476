namespace SafeLoop.Dashboard;

/// <summary>
/// Reads the last slots of tasks: from the store where there is one, and what it does not have yet from memory.
/// </summary>
internal sealed class StripReader(PageRequest request)
{
    /// <summary>How many slots the overview shows of a task.</summary>
    public const int Length = 30;

    /// <summary>True when a store did not answer, so that only records in memory were read.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Reads the last slots of a task, or of a key of it.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="handle">The task or the key on this host; null: this host does not have it.</param>
    /// <param name="key">The text of the key; null: the task.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>Oldest first.</returns>
    public async Task<IReadOnlyList<StripSlot>> ReadAsync(
        string task, RecurringTaskHandle? handle, string? key, int count)
    {
        var query = new HistoryQuery { TaskName = task, Key = key, PageSize = count };
        var page = await TryAsync(() => HistoryReader.QueryAsync(request, query)).ConfigureAwait(false);
        return Merge(page?.Entries.Select(StripSlot.From) ?? [], handle, key, count);
    }

    /// <summary>Reads the last slots of all tasks: in one query for all viewers, however many tasks there are.</summary>
    /// <param name="tasks">The tasks of the page.</param>
    /// <returns>Oldest first, by the name of the task.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<StripSlot>>> ReadAllAsync(IEnumerable<TaskSummary> tasks)
    {
        var (reader, aborted) = (request.Api.Reader, request.Api.Aborted);
        var stored = await TryAsync(() => request.Reads.GetAsync(nameof(StripReader), LoadAsync, aborted)).ConfigureAwait(false);
        return tasks.ToDictionary(
            task => task.Name,
            task => Merge(stored?[task.Name] ?? [], request.Api.Tasks.Find(task.Name), null, Length),
            StringComparer.OrdinalIgnoreCase);

        async Task<ILookup<string, StripSlot>> LoadAsync(CancellationToken cancellationToken)
        {
            var entries = await reader.QueryLatestAsync(Length, cancellationToken).ConfigureAwait(false);
            return entries.ToLookup(entry => entry.TaskName, StripSlot.From, StringComparer.OrdinalIgnoreCase);
        }
    }

    private static IReadOnlyList<StripSlot> Merge(
        IEnumerable<StripSlot> stored, RecurringTaskHandle? handle, string? key, int count)
    {
        var strip = stored.ToList();
        var newest = strip.Count == 0 ? DateTimeOffset.MinValue : strip.Max(slot => slot.Slot);
        IEnumerable<IterationRecord> records = handle?.History ?? [];
        strip.AddRange(records.Where(record => Microseconds(record.Slot) > Microseconds(newest))
            .Select(record => StripSlot.From(record, key)));
        return [.. strip.OrderBy(slot => slot.Slot).TakeLast(count)];
    }

    // A store keeps microseconds, a record in memory has ticks.
    private static long Microseconds(DateTimeOffset slot) => slot.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private async Task<T?> TryAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !request.Api.Aborted.IsCancellationRequested)
        {
            HasFailed = true; // a store is user code and may throw anything
            return null;
        }
    }
}
