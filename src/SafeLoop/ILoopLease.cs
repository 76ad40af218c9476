namespace SafeLoop;

/// <summary>
/// A held lock. Disposing it releases the lock if this lease still holds it. A renewal may be in progress at that time.
/// </summary>
public interface ILoopLease : IAsyncDisposable
{
    /// <summary>
    /// A number greater than the token of every earlier lease of this lock. A data store that remembers it can reject stale
    /// writers.
    /// </summary>
    /// <remarks>After Martin Kleppmann, "How to do distributed locking" (2016).</remarks>
    long FencingToken { get; }

    /// <summary>
    /// The duration of the lease without renewal; <see cref="Timeout.InfiniteTimeSpan"/> when it does not expire.
    /// </summary>
    TimeSpan AtMostFor { get; }

    /// <summary>
    /// Cancelled when the provider detects that the lock was lost; <see cref="CancellationToken.None"/> when it cannot detect
    /// it.
    /// </summary>
    CancellationToken Lost { get; }

    /// <summary>
    /// The last slot of <see cref="LoopLockRequest.TaskName"/> that ran under this lock in any process, read when the lease was
    /// acquired. Null when no slot ran, or when the provider keeps no record. The default provider keeps none, because in one
    /// process each slot comes due only once.
    /// </summary>
    DateTimeOffset? LastSlot => null;

    /// <summary>
    /// Records that a slot of <see cref="LoopLockRequest.TaskName"/> has run, for the next holders of the lock. Called at most
    /// once, before the release.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>False when the record was rejected because the lock has a later holder.</returns>
    ValueTask<bool> RecordAsync(DateTimeOffset slot, CancellationToken cancellationToken) => new(true);

    /// <summary>Extends the lease by <see cref="AtMostFor"/> from now.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>
    /// True when the lease was extended; false when it is definitely lost. An exception means that the result is unknown: the
    /// loop retries while it can prove that it holds the lease, then cancels the step.
    /// </returns>
    ValueTask<bool> RenewAsync(CancellationToken cancellationToken);
}
