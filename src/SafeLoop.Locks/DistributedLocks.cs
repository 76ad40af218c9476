using Medallion.Threading;

namespace SafeLoop;

/// <summary>Locks across machines: any back-end of DistributedLock, and a fence store beside it.</summary>
/// <remarks>
/// <code>
///   take the lock ── held ── issue a number ── took long? prove it ── lease → the loop
///        │                        │                        └ lost: give the lock back, throw → Failed
///        └ held elsewhere: null   └ store is down: the same
/// </code>
/// The number is issued after the lock is held, so its order is the order of the holders. A request
/// that waits polls. So it detects a broken connection, and its lease is never older than the last attempt.
/// </remarks>
internal sealed class DistributedLocks(IDistributedLockProvider locks, IFenceStore? fences, TimeProvider time) : ILoopLockProvider
{
    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    public bool HasFencing => fences is not null;

    public async ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
    {
        var atMostFor = request.AtMostFor ?? (request.AtLeastFor > DefaultLease ? request.AtLeastFor : DefaultLease);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var asked = time.GetTimestamp();
            try
            {
                if (await TakeAsync(request, atMostFor, cancellationToken).ConfigureAwait(false) is { } handle)
                    return await LeaseAsync(handle, request, atMostFor, asked, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException) when (request.Wait && fences is not null)
            {
                // One connection has died. Whether the back-end has, is seen now.
            }
            await SeeThatItAnswersAsync(request, atMostFor, cancellationToken).ConfigureAwait(false);
            if (!request.Wait)
                return null;
        }
    }

    /// <summary>
    /// A back-end that hangs is an unavailable one: an attempt takes no longer than the lease it asks for, and
    /// its lock is given back if it comes later.
    /// </summary>
    private async ValueTask<IDistributedSynchronizationHandle?> TakeAsync(
        LoopLockRequest request, TimeSpan atMostFor, CancellationToken cancellationToken)
    {
        var patience = Patience(atMostFor);
        var attempt = locks.CreateLock(request.Name)
            .TryAcquireAsync(request.Wait ? patience / 3 : TimeSpan.Zero, cancellationToken).AsTask();
        try
        {
            return await attempt.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // given up, or failed: what was given up may succeed later, or at this very moment
        {
            _ = GiveBackAsync(attempt);
            if (error is TimeoutException && !attempt.IsFaulted)
            {
                throw new TimeoutException(
                    $"The lock '{Printable.Escape(request.Name)}' was asked for {atMostFor} ago "
                        + "and its back-end has not answered.",
                    error);
            }
            throw;
        }
    }

    private async Task<DistributedLease> LeaseAsync(
        IDistributedSynchronizationHandle handle, LoopLockRequest request, TimeSpan atMostFor, long asked,
        CancellationToken cancellationToken)
    {
        var number = Task.FromResult(default(Fence));
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (fences is not null)
                number = fences.NextAsync(request.Name, request.TaskName, giveUp.Token).AsTask();
            var fence = await number.WaitOrGiveUpAsync(Patience(atMostFor), time, cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(asked) >= atMostFor / 3)
                asked = await ProveAsync(request, fence.Token, atMostFor, cancellationToken).ConfigureAwait(false);
            return new DistributedLease(handle, fences, request, fence, atMostFor, asked, time);
        }
        catch (Exception error) // without its number the lock is of no use, but it is held
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            _ = GiveBackAsync(handle, number, atMostFor);
            if (error is TimeoutException && !number.IsCompleted)
            {
                throw new TimeoutException(
                    $"The lock '{Printable.Escape(request.Name)}' is held, but its fence store has not issued a number "
                        + $"within {atMostFor}; the lock is given back.",
                    error);
            }
            throw;
        }
    }

    /// <summary>The process, or the back-end, was slow, and the lock may have another holder by now.</summary>
    /// <returns>Since when the lease counts.</returns>
    private async Task<long> ProveAsync(
        LoopLockRequest request, long token, TimeSpan atMostFor, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var isLast = fences is null
            || await fences.IsLastAsync(request.Name, token, cancellationToken).AsTask()
                .WaitOrGiveUpAsync(Patience(atMostFor), time, cancellationToken).ConfigureAwait(false);
        return isLast && time.GetElapsedTime(asked) < atMostFor * 0.9
            ? asked
            : throw new TimeoutException($"The lock '{Printable.Escape(request.Name)}' was given so long after it was asked for "
                + $"that its lease of {atMostFor} may be over; it is given back.");
    }

    /// <summary>
    /// DistributedLock says "held elsewhere" of a Redis that does not answer, too; what is down must be a failure
    /// that is seen, not a slot skipped quietly.
    /// </summary>
    private async Task SeeThatItAnswersAsync(LoopLockRequest request, TimeSpan atMostFor, CancellationToken cancellationToken)
    {
        if (fences is null)
            return;
        try
        {
            var token = await fences.LastAsync(request.Name, cancellationToken).AsTask()
                .WaitOrGiveUpAsync(Patience(atMostFor), time, cancellationToken).ConfigureAwait(false);
            if (token > 0 && !request.Wait)
                request.OnHeld?.Invoke(token);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"The lock '{Printable.Escape(request.Name)}' was not given, and its fence store has not answered "
                    + $"within {atMostFor}: the back-end may be down.",
                late);
        }
    }

    private static TimeSpan Patience(TimeSpan atMostFor) =>
        atMostFor < DistributedLease.LongestWait ? atMostFor : DistributedLease.LongestWait;

    private static async Task GiveBackAsync(Task<IDistributedSynchronizationHandle?> attempt)
    {
        try
        {
            if (await attempt.ConfigureAwait(false) is { } handle)
                await GiveBackAsync(handle).ConfigureAwait(false);
        }
        catch (Exception) // the attempt has failed, which its caller has learned
        {
        }
    }

    // A number that is issued after the next holder's would look like a later holder.
    private async Task GiveBackAsync(IDistributedSynchronizationHandle handle, Task number, TimeSpan atMostFor)
    {
        await number.WaitAsync(Patience(atMostFor) / 3, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await GiveBackAsync(handle).ConfigureAwait(false);
    }

    private static async Task GiveBackAsync(IDistributedSynchronizationHandle handle)
    {
        try
        {
            await handle.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception) // the back-end is unavailable, which the caller learns
        {
            // The back-end frees the lock with the connection, or when it expires.
        }
    }
}
