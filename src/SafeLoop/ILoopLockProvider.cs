namespace SafeLoop;

/// <summary>Provides named locks with leases and fencing tokens. An iteration runs only while it holds its lock.</summary>
/// <remarks>
/// The default provider serves one host: two hosts in one process do not exclude each other. A provider must be safe for
/// concurrent use and must check the owner on renewal and release. The fencing tokens of one name must strictly increase, also
/// after a lease was lost.
/// </remarks>
public interface ILoopLockProvider
{
    /// <summary>
    /// True when the leases of this provider have fencing tokens. When it is false, the host does not start with a task that
    /// calls <c>RequireFencing()</c>.
    /// </summary>
    /// <value>The default is false. A provider must override this to satisfy <c>RequireFencing()</c>.</value>
    bool HasFencing => false;

    /// <summary>Tries to acquire the lock.</summary>
    /// <param name="request">The lock, the length of the lease, and whether to wait.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>
    /// The lease, or null when another owner holds the lock. Return null for a held lock, never throw. An exception means that
    /// the lock's store is unavailable, and makes the iteration <see cref="IterationOutcome.Failed"/>.
    /// </returns>
    ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken);
}
