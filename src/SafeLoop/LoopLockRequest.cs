namespace SafeLoop;

/// <summary>What a loop asks of an <see cref="ILoopLockProvider"/>.</summary>
/// <param name="Name">The lock's name, shared by all tasks that exclude each other. Case-sensitive.</param>
/// <param name="AtMostFor">
/// The length of the lease, renewed while the step runs; null leaves it to the provider.
/// </param>
/// <param name="Wait">True: wait until the lock is free or the attempt is cancelled. False: answer at once.</param>
public readonly record struct LoopLockRequest(string Name, TimeSpan? AtMostFor, bool Wait)
{
    /// <summary>The task that asks, when its slots are the same on every machine: then the lease tells and records which of them have run; else null.</summary>
    public string? TaskName { get; init; }

    /// <summary>How long the lock is to be held since it was given, however short the work: a provider that chooses the length of the lease chooses none that is shorter.</summary>
    public TimeSpan AtLeastFor { get; init; }
}
