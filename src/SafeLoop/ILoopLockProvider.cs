namespace SafeLoop;

/// <summary>Hands out the permission to run: named locks with leases and fencing tokens.</summary>
/// <remarks>
/// The default provider serves one host: two hosts in one process do not exclude each other. A provider must be safe for
/// concurrent use, must compare the owner on renewal and release, and must number the leases of one name with strictly
/// increasing fencing tokens, also after a lease was lost.
/// </remarks>
public interface ILoopLockProvider
{
    /// <summary>
    /// True when the leases of this provider have fencing tokens. When it is false, the host does not start with a task that
    /// calls <c>RequireFencing()</c>.
    /// </summary>
    /// <value>The default is false: a provider that does not mention fencing does not satisfy <c>RequireFencing()</c>.</value>
    bool HasFencing => false;

    /// <summary>Tries to take the lock.</summary>
    /// <param name="request">Which lock, for how long, and whether to wait.</param>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    /// <returns>
    /// The lease, or null when somebody else holds the lock. "Could not lock" is an answer, never an exception; an exception means that the
    /// lock's store is unavailable, and makes the iteration <see cref="IterationOutcome.Failed"/>.
    /// </returns>
    ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken);
}
