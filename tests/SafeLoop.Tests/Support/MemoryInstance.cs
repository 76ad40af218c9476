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

    /// <summary>True when it was lost or stopped.</summary>
    public bool HasEnded => Ended is not null;

    public void End(RecurringTaskInstanceState state, DateTimeOffset now)
    {
        if (!HasEnded)
            (State, Ended) = (state, now);
    }
}
