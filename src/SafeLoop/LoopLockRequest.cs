namespace SafeLoop;

/// <summary>A request for a lock, which a loop sends to an <see cref="ILoopLockProvider"/>.</summary>
public readonly record struct LoopLockRequest
{
    /// <summary>The lock's name, shared by all tasks that exclude each other. Case-sensitive.</summary>
    /// <value>The default is an empty text.</value>
    public string Name
    {
        get => field ?? "";
        init;
    }

    /// <summary>The length of the lease, which the loop renews while the step runs.</summary>
    /// <value>The default is null: the provider chooses the length.</value>
    public TimeSpan? AtMostFor { get; init; }

    /// <summary>True: wait until the lock is free or the attempt is cancelled. False: return at once.</summary>
    /// <value>The default is false.</value>
    public bool Wait { get; init; }

    /// <summary>
    /// The name of the task, when its slots are the same on every machine. The lease then reports the last slot that ran
    /// (<see cref="ILoopLease.LastSlot"/>) and records each slot that runs (<see cref="ILoopLease.RecordAsync"/>).
    /// </summary>
    /// <value>The default is null: the slots exist on this machine only, or there are none.</value>
    public string? TaskName { get; init; }

    /// <summary>
    /// The minimum time for which the loop holds the lock. A provider that chooses the length of the lease chooses at least
    /// this length.
    /// </summary>
    /// <value>The default is zero.</value>
    public TimeSpan AtLeastFor { get; init; }

    /// <summary>
    /// Receives the fencing token of the holder. A provider that knows it without another round trip calls this before it
    /// returns null, so that the history of the skipped slot has it. Call it at most once, on any thread.
    /// </summary>
    /// <value>The default is null: not wanted.</value>
    public Action<long>? OnHeld { get; init; }
}
