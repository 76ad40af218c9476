namespace SafeLoop;

/// <summary>The memory and the loops of a host at one moment.</summary>
public sealed record InstanceSample
{
    /// <summary>
    /// When it was taken. With a store, on the clock of the database: the beginning of its minute, and for
    /// <see cref="RecurringTaskInstance.LastSample"/> the heartbeat.
    /// </summary>
    public DateTimeOffset Taken { get; init; }

    /// <summary>
    /// The size of the heap in bytes: of the live objects after the last full garbage collection; before the first, of all
    /// objects.
    /// </summary>
    public required long HeapSize { get; init; }

    /// <summary>The limit of the heap in bytes: the memory of the machine or container, or the configured limit.</summary>
    public required long HeapLimit { get; init; }

    /// <summary>The number of its loops: one for each task, and for a keyed task one for each key.</summary>
    public required int Loops { get; init; }
}
