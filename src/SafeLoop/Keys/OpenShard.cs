namespace SafeLoop;

/// <summary>A shard of a keyed task on this host: who owns it, how its loops begin, and where it is in its life.</summary>
/// <param name="ownership">The ownership.</param>
/// <param name="arrivals">How its loops begin.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class OpenShard(ShardOwnership ownership, ShardArrivals arrivals)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _lost;

    public ShardOwnership Ownership => ownership;

    /// <summary>
    /// True when keys may be added, and its progress is known: the loops that were handed over have been added. A key that the
    /// source yields before would begin as new.
    /// </summary>
    public bool IsOpen => _opened.Task.IsCompleted && !ownership.IsClosed;

    /// <summary>How its loops begin.</summary>
    public ShardArrivals Arrivals => arrivals;

    /// <summary>Completes when the loops that were handed over have been added.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Completes when its keys are no longer among those of this host, so that it can be opened again.</summary>
    public Task Emptied => _emptied.Task;

    /// <exception cref="InvalidOperationException">Its lease has ended, or the host stops.</exception>
    public void ThrowIfLost(KeyGroup group)
    {
        if (!ownership.Lease.IsValid)
            throw CannotOpen(group, $"the lease has ended. {ownership.Lease.LossReason}");
        if (group.StopRequest is not null)
            throw CannotOpen(group, "the host stops.");
    }

    public InvalidOperationException CannotOpen(KeyGroup group, string why) =>
        new($"Shard {ownership.Shard} of recurring task '{group.Name}' cannot be opened: {why}");

    public void MarkOpened() => _opened.TrySetResult();

    public void MarkEmptied() => _emptied.TrySetResult();

    /// <summary>Calls an action when the lease has ended; at once when it has.</summary>
    public void WatchLease(Action act) => _lost = ownership.Lease.Lost.UnsafeRegister(static act => ((Action)act!)(), act);

    /// <summary>Unregisters the action: the lease outlives the shard, and must not keep it alive.</summary>
    public void ForgetLease() => _lost.Unregister();
}
