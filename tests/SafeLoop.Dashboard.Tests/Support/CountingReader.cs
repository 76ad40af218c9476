using SafeLoop.Storage;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Counts the queries for what a store has, which is nothing.</summary>
internal sealed class CountingReader : IRecurringTaskReader
{
    private int _queries;

    /// <summary>The latest entries, which may be lies.</summary>
    public IReadOnlyList<HistoryEntry> Latest { get; init; } = [];

    public int Queries => Volatile.Read(ref _queries);

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken = default) =>
        new(Count(new LoopPage { Loops = [] }));

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken = default) =>
        new(Count<IReadOnlyList<RecurringTaskInstance>>([]));

    public ValueTask<IReadOnlyList<HistoryEntry>> QueryLatestAsync(
        int count, CancellationToken cancellationToken = default) => new(Count(Latest));

    public ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken = default) =>
        new(Count(new SamplePage { Samples = [] }));

    public ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(
        DateTimeOffset since, CancellationToken cancellationToken = default) => new(Count<IReadOnlyList<HistoryGap>>([]));

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken = default) =>
        new(Count(new TotalPage { Totals = [] }));

    public KeyPage QueryKeys(KeyQuery query) => throw new NotSupportedException();

    public RecurringTaskHandle? FindKey(string task, string key) => null;

    private T Count<T>(T page)
    {
        Interlocked.Increment(ref _queries);
        return page;
    }
}
