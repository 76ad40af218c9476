using System.Runtime.CompilerServices;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

// Checks that take services.
public static partial class RecurringTaskEndingExtensions
{
    /// <summary>
    /// Ends the loop when a check that takes services returns false. Called before each iteration, like the head of a
    /// <c>while</c>.
    /// </summary>
    /// <typeparam name="T">The service it takes.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="check">
    /// False: the slot is skipped (<see cref="OutcomeReason.ConditionFalse"/>) and the loop ends. When the check throws, the
    /// iteration is <see cref="IterationOutcome.Failed"/>.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Each call has a scope of its own, not that of the steps; it is disposed when the check has answered. With
    /// <c>AsSingleton</c> the services are resolved once, from the application's services. To use more than two, take an
    /// <see cref="IServiceProvider"/>.
    /// </remarks>
    public static IRecurringTaskBuilder While<T>(this IRecurringTaskBuilder builder, Func<T, bool> check)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.While<T>((one, _) => new ValueTask<bool>(check(one)));
    }

    /// <inheritdoc cref="While{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder While<T>(
        this IRecurringTaskBuilder builder, Func<T, CancellationToken, ValueTask<bool>> check)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Configure(options => options.WhileChecks.Add(ServiceCall<CancellationToken>.From(check).AsCheck));
    }

    /// <inheritdoc cref="While{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder While<T>(this IRecurringTaskBuilder builder, Func<T, CancellationToken, Task<bool>> check)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.While<T>((one, token) => new ValueTask<bool>(check(one, token)));
    }

    /// <inheritdoc cref="While{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    public static IRecurringTaskBuilder While<T1, T2>(this IRecurringTaskBuilder builder, Func<T1, T2, bool> check)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.While<T1, T2>((one, two, _) => new ValueTask<bool>(check(one, two)));
    }

    /// <inheritdoc cref="While{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder While<T1, T2>(
        this IRecurringTaskBuilder builder, Func<T1, T2, CancellationToken, ValueTask<bool>> check)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Configure(options => options.WhileChecks.Add(ServiceCall<CancellationToken>.From(check).AsCheck));
    }

    /// <inheritdoc cref="While{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder While<T1, T2>(
        this IRecurringTaskBuilder builder, Func<T1, T2, CancellationToken, Task<bool>> check)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.While<T1, T2>((one, two, token) => new ValueTask<bool>(check(one, two, token)));
    }

    /// <summary>
    /// Ends the loop when a check that takes services returns true. Called after each iteration, like the end of a
    /// <c>do … while</c>.
    /// </summary>
    /// <typeparam name="T">The service it takes.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="check">True: the loop ends. When the check throws, the exception is logged and the loop goes on.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Each call has a scope of its own, not that of the steps; it is disposed when the check has answered. With
    /// <c>AsSingleton</c> the services are resolved once, from the application's services. To use more than two, take an
    /// <see cref="IServiceProvider"/>.
    /// </remarks>
    public static IRecurringTaskBuilder Until<T>(this IRecurringTaskBuilder builder, Func<T, bool> check)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Until<T>((one, _) => new ValueTask<bool>(check(one)));
    }

    /// <inheritdoc cref="Until{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Until<T>(
        this IRecurringTaskBuilder builder, Func<T, CancellationToken, ValueTask<bool>> check)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Configure(options => options.UntilChecks.Add(ServiceCall<CancellationToken>.From(check).AsCheck));
    }

    /// <inheritdoc cref="Until{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Until<T>(this IRecurringTaskBuilder builder, Func<T, CancellationToken, Task<bool>> check)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Until<T>((one, token) => new ValueTask<bool>(check(one, token)));
    }

    /// <inheritdoc cref="Until{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    public static IRecurringTaskBuilder Until<T1, T2>(this IRecurringTaskBuilder builder, Func<T1, T2, bool> check)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Until<T1, T2>((one, two, _) => new ValueTask<bool>(check(one, two)));
    }

    /// <inheritdoc cref="Until{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Until<T1, T2>(
        this IRecurringTaskBuilder builder, Func<T1, T2, CancellationToken, ValueTask<bool>> check)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Configure(options => options.UntilChecks.Add(ServiceCall<CancellationToken>.From(check).AsCheck));
    }

    /// <inheritdoc cref="Until{T}(IRecurringTaskBuilder, Func{T, bool})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Until<T1, T2>(
        this IRecurringTaskBuilder builder, Func<T1, T2, CancellationToken, Task<bool>> check)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Until<T1, T2>((one, two, token) => new ValueTask<bool>(check(one, two, token)));
    }
}
