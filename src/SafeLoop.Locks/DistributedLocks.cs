using Medallion.Threading;

namespace SafeLoop;

/// <summary>Locks across machines: any back-end of DistributedLock, and a fence store beside it.</summary>
/// <remarks>
/// <code>
///   take the lock ── held ── issue a number ── lease → the loop
///        │                        │
///        └ held elsewhere: null   └ store is down: give the lock back, throw → Failed
/// </code>
/// The number is issued after the lock is held, so its order is the order of the holders.
/// </remarks>
internal sealed class DistributedLocks(IDistributedLockProvider locks, IFenceStore? fences, TimeProvider time) : ILoopLockProvider
{
    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    public bool HasFencing => fences is not null;

    public async ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var atMostFor = request.AtMostFor ?? DefaultLease;
        var asked = time.GetTimestamp();
        if (await TakeAsync(request, atMostFor, cancellationToken).ConfigureAwait(false) is not { } handle)
        {
            await SeeThatItAnswersAsync(request, atMostFor, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (request.Wait)
            asked = time.GetTimestamp(); // the lease of one who waited begins when it was given
        try
        {
            var fence = fences is null ? default : await IssueAsync(fences, request, atMostFor, cancellationToken).ConfigureAwait(false);
            return new DistributedLease(handle, fences, request, fence, atMostFor, asked, time);
        }
        catch // without its number the lock is of no use, but it is held
        {
            _ = GiveBackAsync(handle);
            throw;
        }
    }

    /// <summary>A back-end that hangs is an unavailable one: an attempt takes no longer than the lease it asks for, and its lock is given back if it comes later.</summary>
    private async ValueTask<IDistributedSynchronizationHandle?> TakeAsync(LoopLockRequest request, TimeSpan atMostFor, CancellationToken cancellationToken)
    {
        var attempt = locks.CreateLock(request.Name).TryAcquireAsync(request.Wait ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken).AsTask();
        try
        {
            return await attempt.WaitAsync(request.Wait ? Timeout.InfiniteTimeSpan : Patience(atMostFor), time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // given up, or failed: what was given up may succeed later, or at this very moment
        {
            _ = GiveBackAsync(attempt);
            if (error is TimeoutException && !attempt.IsFaulted)
                throw new TimeoutException($"The lock '{request.Name}' was asked for {atMostFor} ago and its back-end has not answered.", error);
            throw;
        }
    }

    /// <summary>DistributedLock says "held elsewhere" of a Redis that does not answer, too; what is down must be a failure that is seen, not a slot skipped quietly.</summary>
    private async Task SeeThatItAnswersAsync(LoopLockRequest request, TimeSpan atMostFor, CancellationToken cancellationToken)
    {
        if (fences is null)
            return;
        try
        {
            await fences.IsLastAsync(request.Name, 0, cancellationToken).AsTask().WaitAsync(Patience(atMostFor), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The lock '{request.Name}' was not given, and its fence store has not answered within {atMostFor}: the back-end may be down.", late);
        }
    }

    private async Task<Fence> IssueAsync(IFenceStore store, LoopLockRequest request, TimeSpan atMostFor, CancellationToken cancellationToken)
    {
        try
        {
            return await store.NextAsync(request.Name, request.Task, cancellationToken).AsTask().WaitAsync(Patience(atMostFor), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The lock '{request.Name}' is held, but its fence store has not issued a number within {atMostFor}; the lock is given back.", late);
        }
    }

    private static TimeSpan Patience(TimeSpan atMostFor) => atMostFor < DistributedLease.LongestWait ? atMostFor : DistributedLease.LongestWait;

    private static async Task GiveBackAsync(Task<IDistributedSynchronizationHandle?> attempt)
    {
        try
        {
            if (await attempt.ConfigureAwait(false) is { } handle)
                await GiveBackAsync(handle).ConfigureAwait(false);
        }
        catch (Exception) // the attempt has failed, which its asker was told
        {
        }
    }

    private static async Task GiveBackAsync(IDistributedSynchronizationHandle handle)
    {
        try
        {
            await handle.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception) // the back-end is unavailable, which the asker is being told; it frees the lock with the connection, or when it expires
        {
        }
    }
}
