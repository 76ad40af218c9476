namespace SafeLoop.Dashboard.Tests;

/// <summary>Counts the queries of the dashboard for what is stored.</summary>
internal sealed class CountingReader : IRecurringTaskReader
{
    private int _queries;

    public int Queries => Volatile.Read(ref _queries);

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _queries);
        return new(new LoopPage { Loops = [] });
    }

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public KeyPage QueryKeys(KeyQuery query) => throw new NotSupportedException();

    public RecurringTaskHandle? FindKey(string task, string key) => null;
}
