using System.ComponentModel;
using System.Runtime.CompilerServices;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

// Tasks of one delegate that takes services. The overloads and their priorities are those of Step.
public static partial class RecurringTaskServiceCollectionExtensions
{
    /// <summary>
    /// Registers a delegate that takes one to five services. They come from the iteration's scope. With <c>AsSingleton</c> they
    /// are resolved once, from the application's services.
    /// </summary>
    /// <typeparam name="T">The service it takes.</typeparam>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The task's name, unique in the host.</param>
    /// <param name="step">Runs one iteration. See <see cref="IRecurringTask.RunAsync"/>.</param>
    /// <returns>A builder: give the task a schedule with one of its verbs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddRecurringTask("refresh", (DeviceStore store, CancellationToken ct) => store.RefreshAsync(ct))
    ///     .Every(TimeSpan.FromMinutes(1));
    /// </code>
    /// </example>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder AddRecurringTask<T>(
        this IServiceCollection services, string name, Func<T, Iteration, CancellationToken, ValueTask> step)
        where T : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder AddRecurringTask<T>(
        this IServiceCollection services, string name, Func<T, Iteration, CancellationToken, Task> step)
        where T : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder AddRecurringTask<T>(
        this IServiceCollection services, string name, Func<T, CancellationToken, ValueTask> step)
        where T : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder AddRecurringTask<T>(
        this IServiceCollection services, string name, Func<T, CancellationToken, Task> step)
        where T : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2>(
        this IServiceCollection services, string name, Func<T1, T2, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2>(
        this IServiceCollection services, string name, Func<T1, T2, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2>(
        this IServiceCollection services, string name, Func<T1, T2, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2>(
        this IServiceCollection services, string name, Func<T1, T2, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3>(
        this IServiceCollection services, string name, Func<T1, T2, T3, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3>(
        this IServiceCollection services, string name, Func<T1, T2, T3, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3>(
        this IServiceCollection services, string name, Func<T1, T2, T3, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3>(
        this IServiceCollection services, string name, Func<T1, T2, T3, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4, T5>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, T5, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4, T5>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, T5, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4, T5>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, T5, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask{T}(IServiceCollection, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4, T5>(
        this IServiceCollection services, string name, Func<T1, T2, T3, T4, T5, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        services.AddRecurringTask(name).Step(name, step);

    /// <summary>Not supported: a step takes at most five services.</summary>
    [Obsolete("A step takes at most five services. Write a class that implements IRecurringTask or take IServiceProvider.", true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IRecurringTaskBuilder AddRecurringTask<T1, T2, T3, T4, T5, T6>(
        this IServiceCollection services, string name, Delegate step) =>
        throw new NotSupportedException();
}
