using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>A row of the table of instances.</summary>
internal sealed class MemoryInstance(StoreInstance instance)
{
    public StoreInstance Instance => instance;

    public DateTimeOffset Heartbeat { get; set; }

    /// <summary>The number of the last batch.</summary>
    public long Batch { get; set; }

    public DateTimeOffset Started { get; init; }

    /// <summary>When it was lost or stopped; null: it runs.</summary>
    public DateTimeOffset? Ended { get; private set; }

    public RecurringTaskInstanceState State { get; private set; }

    /// <summary>The sample of each minute.</summary>
    public SortedDictionary<DateTimeOffset, InstanceSample> Samples { get; } = [];

    public InstanceSample? LastSample { get; set; }

    /// <summary>True when it was lost or stopped.</summary>
    public bool HasEnded => Ended is not null;

    public void DeleteSamples(DateTimeOffset now, TimeSpan age)
    {
        foreach (var minute in Samples.Keys.Where(minute => now - minute > age).ToList())
            Samples.Remove(minute);
    }

    public void End(RecurringTaskInstanceState state, DateTimeOffset now)
    {
        if (!HasEnded)
            (State, Ended) = (state, now);
    }
}
