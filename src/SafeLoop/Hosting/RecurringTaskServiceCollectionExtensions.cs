using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers recurring tasks.</summary>
public static partial class RecurringTaskServiceCollectionExtensions
{
    /// <summary>
    /// Registers a class as a recurring task, named after the class with a lower-case first letter: <c>UpdateDeviceInfo</c> →
    /// <c>updateDeviceInfo</c>.
    /// </summary>
    /// <typeparam name="TTask">
    /// The class. Resolved from the iteration's scope; registered as transient unless you have registered it. The host does not
    /// start when the container cannot build it because a dependency at any depth is missing or no constructor is usable.
    /// </typeparam>
    /// <param name="services">The services of the host.</param>
    /// <returns>A builder: give the task a schedule with one of its verbs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddRecurringTask&lt;UpdateDeviceInfo&gt;()
    ///     .WithDelay(TimeSpan.FromSeconds(2))
    ///     .WithLock("device-info", whenHeld: LockHeld.Skip);
    /// </code>
    /// </example>
    public static IRecurringTaskBuilder AddRecurringTask<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTask>(
        this IServiceCollection services)
        where TTask : class, IRecurringTask => services.AddRecurringTask<TTask>(TaskNames.FromClass(typeof(TTask)));

    /// <summary>Registers a class as a recurring task.</summary>
    /// <typeparam name="TTask">
    /// The class. Resolved from the iteration's scope; registered as transient unless you have registered it. The host does not
    /// start when the container cannot build it because a dependency at any depth is missing or no constructor is usable.
    /// </typeparam>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The task's name, unique in the host.</param>
    /// <returns>A builder: give the task a schedule with one of its verbs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IRecurringTaskBuilder AddRecurringTask<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTask>(
        this IServiceCollection services, string name)
        where TTask : class, IRecurringTask
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddTransient<TTask>();
        var builder = services.AddRecurringTask(name);
        var step = ClassStep.Create<TTask>(static (task, iteration, token) => task.RunAsync(iteration, token));
        RecurringTaskBuilder.From(builder).Add(step);
        return builder;
    }

    /// <summary>Registers a delegate as a recurring task.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The task's name, unique in the host.</param>
    /// <param name="step">Runs one iteration. See <see cref="IRecurringTask.RunAsync"/>.</param>
    /// <returns>A builder: give the task a schedule with one of its verbs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder AddRecurringTask(
        this IServiceCollection services, string name, Func<Iteration, CancellationToken, ValueTask> step) =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask(IServiceCollection, string, Func{Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder AddRecurringTask(
        this IServiceCollection services, string name, Func<Iteration, CancellationToken, Task> step) =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask(IServiceCollection, string, Func{Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder AddRecurringTask(
        this IServiceCollection services, string name, Func<CancellationToken, ValueTask> step) =>
        services.AddRecurringTask(name).Step(name, step);

    /// <inheritdoc cref="AddRecurringTask(IServiceCollection, string, Func{Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder AddRecurringTask(
        this IServiceCollection services, string name, Func<CancellationToken, Task> step) =>
        services.AddRecurringTask(name).Step(name, step);

    /// <summary>Registers a recurring task without steps. Add them with <c>Step</c>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The task's name, unique in the host.</param>
    /// <returns>A builder: give the task steps and a schedule with its verbs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IRecurringTaskBuilder AddRecurringTask(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!RecurringTaskServices.AreIn(services))
            RecurringTaskServices.AddTo(services);
        return new RecurringTaskBuilder(name, services);
    }

    /// <summary>
    /// Registers the runtime without a task, for hosts that add all their tasks at run time through
    /// <see cref="IRecurringTasks"/>. May be called more than once.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <remarks>
    /// Loops use the <see cref="TimeProvider"/> registered in the services, or the system's when there is none. It must not
    /// throw: its exception ends the process.
    /// </remarks>
    public static IServiceCollection AddRecurringTasks(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        RecurringTaskServices.AddTo(services);
        return services;
    }

    /// <summary>
    /// Disables all recurring tasks of the host, whatever their options and the configuration are. For tests.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <remarks>
    /// In configuration, <c>RecurringTasks:Enabled</c> set to false does the same (environment variable
    /// <c>RecurringTasks__Enabled</c>). A disabled task is checked at start-up and can be found by its name. Its slots and runs
    /// by hand are recorded as skipped. Tests that run tasks use <c>AddVirtualTime</c>.
    /// </remarks>
    public static IServiceCollection DisableRecurringTasks(this IServiceCollection services) =>
        services.AddRecurringTasks().PostConfigureAll<RecurringTaskOptions>(
            static options => (options.Enabled, options.DisabledBy) = (false, nameof(DisableRecurringTasks)));
}
