namespace SafeLoop;

/// <summary>The samples of a host without a store. Each reader takes one; without readers nothing runs.</summary>
internal sealed class MemorySamples(HostSampler sampler, RecurringTasks tasks, TimeProvider time)
{
    private const int Most = 1_000;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<InstanceSample> _samples = new();
    private DateTimeOffset _lastTaken;

    /// <summary>Takes a sample, and keeps it unless the last one was taken moments ago.</summary>
    public InstanceSample Take()
    {
        var sample = sampler.Take(tasks) with { Taken = time.GetUtcNow() };
        lock (_gate)
        {
            if (_samples.Count > 0 && (sample.Taken - _lastTaken).Duration() < Apart)
                return sample;
            _samples.Enqueue(sample);
            _lastTaken = sample.Taken;
            if (_samples.Count > Most)
                _samples.Dequeue();
        }
        return sample;
    }

    /// <summary>The samples of a range, the latest first.</summary>
    public SamplePage Query(SampleQuery query)
    {
        var end = query.Cursor is null ? query.To
            : new(PageRules.ReadCursor(query.Cursor, "samples", DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
        List<InstanceSample> found;
        lock (_gate)
            found = [.. _samples.Where(sample => sample.Taken >= query.From && sample.Taken < end)];
        var page = found.OrderByDescending(sample => sample.Taken).Take(query.PageSize).ToList();
        return new()
        {
            Samples = page,
            Cursor = found.Count == page.Count ? null : PageRules.FormatCursor(page[^1].Taken.UtcTicks),
        };
    }
}
