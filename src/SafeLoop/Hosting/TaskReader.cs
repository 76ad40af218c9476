using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Answers from the store where there is one, otherwise from memory.</summary>
/// <param name="tasks">The tasks of this host.</param>
/// <param name="session">Calls the store; null: there is none.</param>
/// <param name="memory">What this host knows without a store.</param>
internal sealed class TaskReader(RecurringTasks tasks, StoreSession? session, MemoryReader memory) : IRecurringTaskReader
{
    private const int MostRows = 1_000, MostTotals = 10_000, MostLatest = 100, LongestPrefix = 200;

    public async ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(
        CancellationToken cancellationToken = default) => session is null
        ? [memory.Instance]
        : await session.CallAsync(static (store, token) => store.QueryInstancesAsync(token), cancellationToken)
            .ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<HistoryEntry>> QueryLatestAsync(
        int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostLatest);
        return session is null
            ? memory.QueryLatest(count)
            : await session.CallAsync((store, token) => store.QueryLatestAsync(count, token), cancellationToken)
                .ConfigureAwait(false);
    }

    public async ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageRules.CheckSize(query.PageSize, MostTotals);
        CheckRange(query.From, query.To);
        return session is null
            ? memory.QuerySamples(query)
            : await session.CallAsync((store, token) => store.QuerySamplesAsync(query, token), cancellationToken)
                .ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(
        DateTimeOffset since, CancellationToken cancellationToken = default) => session is null
        ? []
        : await session.CallAsync((store, token) => store.QueryGapsAsync(since, token), cancellationToken)
            .ConfigureAwait(false);

    public async ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageRules.CheckSize(query.PageSize, MostTotals);
        CheckRange(query.From, query.To);
        return session is null
            ? memory.QueryTotals(query)
            : await session.CallAsync((store, token) => store.QueryTotalsAsync(query, token), cancellationToken)
                .ConfigureAwait(false);
    }

    public async ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageRules.CheckSize(query.PageSize, MostRows);
        if (query is { Prefix: not null, TaskName: null })
            throw new ArgumentException("Prefix is the beginning of a key, and needs the TaskName. Set it.", nameof(query));
        if (query.Prefix?.Length > LongestPrefix)
            throw new ArgumentException($"Prefix has more than {LongestPrefix} characters. Shorten it.", nameof(query));
        if (query.Filter is LoopFilter.Running)
            throw new ArgumentException("What is running is not stored. Use QueryKeys for keys of this host.", nameof(query));
        return session is null
            ? new() { Loops = [] }
            : await session.CallAsync((store, token) => store.QueryLoopsAsync(query, token), cancellationToken)
                .ConfigureAwait(false);
    }

    public KeyPage QueryKeys(KeyQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageRules.CheckSize(query.PageSize, MostRows);
        _ = tasks[query.TaskName]; // throws for an unknown one
        return tasks.FindEntered(query.TaskName) is KeyedLoops all
            ? KeyPages.Query(all, query)
            : throw new ArgumentException(
                $"Recurring task '{Printable.Escape(query.TaskName)}' has no keys. Read its handle instead.", nameof(query));
    }

    public RecurringTaskHandle? FindKey(string task, string key)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(key);
        return tasks.Find(task) is not null && tasks.FindEntered(task) is KeyedLoops all && all.FindByText(key) is [var one]
            ? all.HandleOf(one)
            : null;
    }

    private static void CheckRange(DateTimeOffset from, DateTimeOffset to)
    {
        if (from > to)
            throw new ArgumentException($"From ({from:O}) is after To ({to:O}). Swap them.", "query");
    }
}
