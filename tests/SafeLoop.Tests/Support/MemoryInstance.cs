using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>A row of the table of instances.</summary>
internal sealed class MemoryInstance(StoreInstance instance)
{
    public StoreInstance Instance => instance;

    public DateTimeOffset Heartbeat { get; set; }

    /// <summary>The number of the last batch.</summary>
    public long Batch { get; set; }

    /// <summary>True when it was lost or stopped.</summary>
    public bool HasEnded { get; set; }
}
