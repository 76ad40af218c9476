using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The verb that puts iterations under a lock.</summary>
public static class RecurringTaskLockExtensions
{
    /// <summary>Runs each iteration under a named lock, shared with every task that names it. The step gets a fencing token, and is cancelled when the lock is lost.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="name">
    /// The lock's name: at most 1,024 bytes in UTF-8, without NUL characters. Each key of a keyed task has its own lock,
    /// <c>name/key</c>.
    /// </param>
    /// <param name="whenHeld">What to do when somebody else holds it.</param>
    /// <param name="atMostFor">The length of the lease, renewed while the step runs; null: the provider's own.</param>
    /// <param name="atLeastFor">How long the lock is kept at least, also after a short step, but no longer than the host runs; null: not at all.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// By default a lock is one of this host. Two hosts do not exclude each other, even in one process. For locks across hosts
    /// and machines, register another <see cref="ILoopLockProvider"/>. A step under a lock must not await <c>RunNowAsync</c> of
    /// another task under the same lock with <see cref="LockHeld.Wait"/>: the run would wait for the step that awaits it.
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

    /// <summary>Demands locks with fencing tokens (<see cref="Iteration.FencingToken"/>): with a provider that has none, the host does not start.</summary>
    /// <param name="builder">The task; it needs <see cref="WithLock"/> too.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder RequireFencing(this IRecurringTaskBuilder builder) =>
        builder.Configure(options => options.Lock.RequireFencing = true);
}
