using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The verb that puts iterations under a lock.</summary>
public static class RecurringTaskLockExtensions
{
    /// <summary>
    /// Runs each iteration under a named lock, shared with every task that uses the same name. The step gets a fencing token,
    /// and is cancelled when the lock is lost.
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="name">
    /// The lock's name: at most 1,024 bytes in UTF-8, without NUL characters. Each key of a keyed task has its own lock,
    /// <c>name/key</c>.
    /// </param>
    /// <param name="whenHeld">What to do when another owner holds the lock.</param>
    /// <param name="atMostFor">The length of the lease, renewed while the step runs; null: the provider chooses.</param>
    /// <param name="atLeastFor">
    /// The minimum time for which the lock is held, also after a short step, but not longer than the host runs; null: zero.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// The default provider serves this host only. Two hosts do not exclude each other, even in one process. For locks across
    /// hosts and machines, register another <see cref="ILoopLockProvider"/>. A step under a lock must not await
    /// <c>RunNowAsync</c> of another task under the same lock with <see cref="LockHeld.Wait"/>: both would wait for each other.
    /// </remarks>
    public static IRecurringTaskBuilder WithLock(
        this IRecurringTaskBuilder builder,
        string name,
        LockHeld whenHeld = LockHeld.Skip,
        TimeSpan? atMostFor = null,
        TimeSpan? atLeastFor = null) =>
        builder.Configure(options =>
        {
            (options.Lock.Name, options.Lock.WhenHeld) = (name, whenHeld);
            (options.Lock.AtMostFor, options.Lock.AtLeastFor) = (atMostFor, atLeastFor ?? TimeSpan.Zero);
        });

    /// <summary>
    /// Requires locks with fencing tokens (<see cref="Iteration.FencingToken"/>): the host does not start with a provider that
    /// has none.
    /// </summary>
    /// <param name="builder">The task; it must also call <see cref="WithLock"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder RequireFencing(this IRecurringTaskBuilder builder) =>
        builder.Configure(options => options.Lock.RequireFencing = true);
}
