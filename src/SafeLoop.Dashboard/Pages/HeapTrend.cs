namespace SafeLoop.Dashboard;

/// <summary>Remembers the heap of this host while a page shows it. Without viewers nothing runs.</summary>
internal sealed class HeapTrend
{
    private const int Most = 240;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<HeapSample> _samples = new();
    private DateTimeOffset _last;

    /// <summary>Adds the present size, unless the last one is only moments old.</summary>
    public IReadOnlyList<HeapSample> Add(DateTimeOffset now, long size)
    {
        lock (_lock)
        {
            if (_samples.Count == 0 || now - _last >= Apart || now < _last)
            {
                _samples.Enqueue(new(now, size));
                _last = now;
            }
            if (_samples.Count > Most)
                _samples.Dequeue();
            return [.. _samples];
        }
    }
}
