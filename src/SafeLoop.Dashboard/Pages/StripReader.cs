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
        var stored = await TryQueryAsync(new() { TaskName = task, Key = key, PageSize = count }).ConfigureAwait(false);
        var newest = stored.Count == 0 ? DateTimeOffset.MinValue : stored.Max(entry => entry.Record.Slot);
        IEnumerable<IterationRecord> records = handle?.History ?? [];
        var later = records.Where(record => record.Slot > newest).Select(record => StripSlot.From(record, key));
        return [.. stored.Select(StripSlot.From).Concat(later).OrderBy(slot => slot.Slot).TakeLast(count)];
    }

    private async Task<IReadOnlyList<HistoryEntry>> TryQueryAsync(HistoryQuery query)
    {
        if (HasFailed)
            return []; // a page waits for a store that is down once, not once for each task
        try
        {
            return (await HistoryReader.QueryAsync(request, query).ConfigureAwait(false)).Entries;
        }
        catch (Exception error) when (error is not OperationCanceledException || !request.Api.Aborted.IsCancellationRequested)
        {
            HasFailed = true; // a store is user code and may throw anything
            return [];
        }
    }
}
