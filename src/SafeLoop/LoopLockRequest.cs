namespace SafeLoop;

/// <summary>What a loop asks of an <see cref="ILoopLockProvider"/>.</summary>
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

    /// <summary>
    /// True: wait until the lock is free or the attempt is cancelled. False: answer at once.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Wait { get; init; }

    /// <summary>
    /// The name of the task, when its slots are the same on every machine. The lease then says which of them have run
    /// (<see cref="ILoopLease.LastSlot"/>) and records those that run (<see cref="ILoopLease.RecordAsync"/>).
    /// </summary>
    /// <value>The default is null: the slots are this machine's own, or there are none.</value>
    public string? TaskName { get; init; }

    /// <summary>
    /// How long the loop keeps the lock at least, however short the work. A provider that chooses the length of the lease
    /// chooses none that is shorter.
    /// </summary>
    /// <value>The default is zero.</value>
    public TimeSpan AtLeastFor { get; init; }
}
