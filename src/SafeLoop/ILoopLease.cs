namespace SafeLoop;

/// <summary>A held lock. Disposing it releases the lock, if it is still ours; a renewal may still be under way then.</summary>
public interface ILoopLease : IAsyncDisposable
{
    /// <summary>A number greater than that of every earlier lease of this lock. A store that remembers it can refuse a late writer.</summary>
    /// <remarks>After Martin Kleppmann, "How to do distributed locking" (2016).</remarks>
    long FencingToken { get; }

    /// <summary>How long the lease lasts without renewal; <see cref="Timeout.InfiniteTimeSpan"/> when it does not expire.</summary>
    TimeSpan AtMostFor { get; }

    /// <summary>Cancelled when the provider learns by itself that the lock was lost; <see cref="CancellationToken.None"/> when it cannot.</summary>
    CancellationToken Lost { get; }

    /// <summary>
    /// The last slot of <see cref="LoopLockRequest.TaskName"/> that ran under this lock in any process, as it was when the lease
    /// was given. Null when none did, or when the provider keeps no record, as the default one: there every slot comes due once.
    /// </summary>
    DateTimeOffset? LastSlot => null;

    /// <summary>
    /// Records that a slot of <see cref="LoopLockRequest.TaskName"/> has run, for the next holders of the lock. Called once at
    /// most, before the release.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    /// <returns>False when it was refused, because the lock has a later holder.</returns>
    ValueTask<bool> RecordAsync(DateTimeOffset slot, CancellationToken cancellationToken) => new(true);

    /// <summary>Extends the lease by <see cref="AtMostFor"/> from now.</summary>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    /// <returns>
    /// True when it was extended; false when it is lost for certain. An exception means unknown: the loop tries again until the lease
    /// can no longer be proven, then cancels the step.
    /// </returns>
    ValueTask<bool> RenewAsync(CancellationToken cancellationToken);
}
