using System.Runtime.CompilerServices;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Verbs that define what an iteration does.</summary>
public static partial class RecurringTaskStepExtensions
{
    /// <summary>Changes the task's name. Options configured under the old name still apply.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="name">A name unique in the host.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Named<TBuilder>(this TBuilder builder, string name)
        where TBuilder : IRecurringTaskBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        RecurringTaskBuilder.From(builder).Rename(name);
        return builder;
    }

    /// <summary>Sets any option. All verbs are shorthands for this method.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="configure">
    /// Changes the options. Called at start-up and at every reload, before configuration is applied.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Configure<TBuilder>(this TBuilder builder, Action<RecurringTaskOptions> configure)
        where TBuilder : IRecurringTaskBuilder
    {
        ArgumentNullException.ThrowIfNull(configure);
        RecurringTaskBuilder.From(builder).Configure(configure);
        return builder;
    }

    /// <summary>Adds a step. Steps run in the order in which they are added. A step that throws ends the iteration.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="name">The step's name, for traces and reports; unique in the task.</param>
    /// <param name="step">The code of the step. See <see cref="IRecurringTask.RunAsync"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder Step(
        this IRecurringTaskBuilder builder, string name, Func<Iteration, CancellationToken, ValueTask> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Add(builder, name, _ => step);
    }

    /// <inheritdoc cref="Step(IRecurringTaskBuilder, string, Func{Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Step(
        this IRecurringTaskBuilder builder, string name, Func<Iteration, CancellationToken, Task> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step(name, (iteration, token) => Await(step(iteration, token), name));
    }

    /// <inheritdoc cref="Step(IRecurringTaskBuilder, string, Func{Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Step(
        this IRecurringTaskBuilder builder, string name, Func<CancellationToken, ValueTask> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step(name, (_, token) => step(token));
    }

    /// <inheritdoc cref="Step(IRecurringTaskBuilder, string, Func{Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder Step(this IRecurringTaskBuilder builder, string name, Func<CancellationToken, Task> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step(name, (_, token) => Await(step(token), name));
    }

    /// <summary>
    /// Resolves the task and its dependencies once, from the application's services, instead of creating a scope per iteration.
    /// An iteration then allocates nothing.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// With a scoped dependency at any depth the host does not start, because all iterations would share one instance.
    /// </remarks>
    public static TBuilder AsSingleton<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.Singleton = true);

    /// <summary>
    /// Begins every iteration on a thread of the loop. For steps that block their thread instead of awaiting.
    /// </summary>
    /// <param name="builder">The task. A keyed task is refused at start-up, because it would start a thread per key.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// The step runs on that thread until its first <c>await</c> that does not complete at once. The rest runs in the thread
    /// pool, as in any asynchronous code. See <see cref="RecurringTaskOptions.DedicatedThread"/>.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddRecurringTask("scanner", (iteration, ct) =>
    /// {
    ///     driver.ReadBlocking();
    ///     return ValueTask.CompletedTask;
    /// }).Every(TimeSpan.FromSeconds(1)).OnDedicatedThread();
    /// </code>
    /// </example>
    public static IRecurringTaskBuilder OnDedicatedThread(this IRecurringTaskBuilder builder) =>
        builder.Configure(static options => options.DedicatedThread = true);

    private static ValueTask Await(Task? task, string step) =>
        new(task ?? throw new InvalidOperationException($"Step '{step}' returned null instead of a task."));

    private static IRecurringTaskBuilder Add(
        IRecurringTaskBuilder builder,
        string name,
        Func<IServiceProvider, Func<Iteration, CancellationToken, ValueTask>> bind,
        params Type[] services)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        RecurringTaskBuilder.From(builder).Add(new TaskStep(name, bind, services));
        return builder;
    }
}
