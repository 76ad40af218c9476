using System.Runtime.CompilerServices;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

// Failure handlers that take services.
public static partial class RecurringTaskFailureExtensions
{
    /// <summary>
    /// Calls a handler that takes services after each failed or timed-out iteration, before SafeLoop records it and plans the
    /// next one.
    /// </summary>
    /// <typeparam name="T">The service it takes.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="handler">Awaited. When it throws, the exception is logged and the loop goes on.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Each call has its own scope, not that of the failed steps. The scope is disposed when the handler has ended. With
    /// <c>AsSingleton</c> the services are resolved once, from the application's services. To use more than two services, take
    /// an <see cref="IServiceProvider"/>.
    /// </remarks>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder OnFailure<T>(
        this IRecurringTaskBuilder builder, Func<T, RecurringTaskFailure, ValueTask> handler)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.Configure(options =>
            options.FailureHandlers.Add(ServiceCall<RecurringTaskFailure>.From<T>(CallAsync).AsHandler));

        async ValueTask<bool> CallAsync(T one, RecurringTaskFailure failure)
        {
            await handler(one, failure).ConfigureAwait(false);
            return true;
        }
    }

    /// <inheritdoc cref="OnFailure{T}(IRecurringTaskBuilder, Func{T, RecurringTaskFailure, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder OnFailure<T>(
        this IRecurringTaskBuilder builder, Func<T, RecurringTaskFailure, Task> handler)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.OnFailure<T>((one, failure) => new ValueTask(handler(one, failure)));
    }

    /// <inheritdoc cref="OnFailure{T}(IRecurringTaskBuilder, Func{T, RecurringTaskFailure, ValueTask})"/>
    public static IRecurringTaskBuilder OnFailure<T>(this IRecurringTaskBuilder builder, Action<T, RecurringTaskFailure> handler)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.OnFailure<T>((one, failure) =>
        {
            handler(one, failure);
            return ValueTask.CompletedTask;
        });
    }

    /// <inheritdoc cref="OnFailure{T}(IRecurringTaskBuilder, Func{T, RecurringTaskFailure, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder OnFailure<T1, T2>(
        this IRecurringTaskBuilder builder, Func<T1, T2, RecurringTaskFailure, ValueTask> handler)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.Configure(options =>
            options.FailureHandlers.Add(ServiceCall<RecurringTaskFailure>.From<T1, T2>(CallAsync).AsHandler));

        async ValueTask<bool> CallAsync(T1 one, T2 two, RecurringTaskFailure failure)
        {
            await handler(one, two, failure).ConfigureAwait(false);
            return true;
        }
    }

    /// <inheritdoc cref="OnFailure{T}(IRecurringTaskBuilder, Func{T, RecurringTaskFailure, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder OnFailure<T1, T2>(
        this IRecurringTaskBuilder builder, Func<T1, T2, RecurringTaskFailure, Task> handler)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.OnFailure<T1, T2>((one, two, failure) => new ValueTask(handler(one, two, failure)));
    }

    /// <inheritdoc cref="OnFailure{T}(IRecurringTaskBuilder, Func{T, RecurringTaskFailure, ValueTask})"/>
    public static IRecurringTaskBuilder OnFailure<T1, T2>(
        this IRecurringTaskBuilder builder, Action<T1, T2, RecurringTaskFailure> handler)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.OnFailure<T1, T2>((one, two, failure) =>
        {
            handler(one, two, failure);
            return ValueTask.CompletedTask;
        });
    }
}
