using System.ComponentModel;
using System.Runtime.CompilerServices;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

// One overload per number of services, so that binding needs no reflection. Overloads with the iteration have priority; without
// it, the iteration would count as a service. Overloads that return ValueTask have priority over Task; without it, an async
// lambda would be ambiguous.
public static partial class RecurringTaskStepExtensions
{
    /// <summary>
    /// Adds a step that takes one to five services. They come from the iteration's scope. With <c>AsSingleton</c> they are
    /// resolved once, from the application's services.
    /// </summary>
    /// <typeparam name="T">The service it takes.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="name">The step's name, for traces and reports; unique in the task.</param>
    /// <param name="step">The code of the step. See <see cref="IRecurringTask.RunAsync"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>
    /// A lambda with typed parameters needs no type arguments:
    /// <c>Step("read", (DeviceClient client, CancellationToken ct) => client.ReadAsync(ct))</c>. A method group needs them:
    /// <c>Step&lt;DeviceClient&gt;("read", ReadAsync)</c>. Attributes on the parameters are ignored; get a keyed service from
    /// <see cref="Iteration.Services"/>.
    /// </remarks>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder Step<T>(
        this IRecurringTaskBuilder builder, string name, Func<T, Iteration, CancellationToken, ValueTask> step)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return Add(builder, name, scope =>
        {
            var a = Get<T>(scope);
            return (iteration, token) => step(a, iteration, token);
        }, typeof(T));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Step<T>(
        this IRecurringTaskBuilder builder, string name, Func<T, Iteration, CancellationToken, Task> step)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T>(name, (a, iteration, token) => Await(step(a, iteration, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Step<T>(
        this IRecurringTaskBuilder builder, string name, Func<T, CancellationToken, ValueTask> step)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T>(name, (a, _, token) => step(a, token));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder Step<T>(
        this IRecurringTaskBuilder builder, string name, Func<T, CancellationToken, Task> step)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T>(name, (a, _, token) => Await(step(a, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder Step<T1, T2>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return Add(builder, name, scope =>
        {
            var (a, b) = (Get<T1>(scope), Get<T2>(scope));
            return (iteration, token) => step(a, b, iteration, token);
        }, typeof(T1), typeof(T2));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Step<T1, T2>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2>(name, (a, b, iteration, token) => Await(step(a, b, iteration, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Step<T1, T2>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2>(name, (a, b, _, token) => step(a, b, token));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder Step<T1, T2>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2>(name, (a, b, _, token) => Await(step(a, b, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder Step<T1, T2, T3>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return Add(builder, name, scope =>
        {
            var (a, b, c) = (Get<T1>(scope), Get<T2>(scope), Get<T3>(scope));
            return (iteration, token) => step(a, b, c, iteration, token);
        }, typeof(T1), typeof(T2), typeof(T3));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Step<T1, T2, T3>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3>(name, (a, b, c, iteration, token) => Await(step(a, b, c, iteration, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Step<T1, T2, T3>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3>(name, (a, b, c, _, token) => step(a, b, c, token));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder Step<T1, T2, T3>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3>(name, (a, b, c, _, token) => Await(step(a, b, c, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return Add(builder, name, scope =>
        {
            var (a, b, c, d) = (Get<T1>(scope), Get<T2>(scope), Get<T3>(scope), Get<T4>(scope));
            return (iteration, token) => step(a, b, c, d, iteration, token);
        }, typeof(T1), typeof(T2), typeof(T3), typeof(T4));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3, T4>(
            name, (a, b, c, d, iteration, token) => Await(step(a, b, c, d, iteration, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3, T4>(name, (a, b, c, d, _, token) => step(a, b, c, d, token));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3, T4>(name, (a, b, c, d, _, token) => Await(step(a, b, c, d, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(3)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4, T5>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, T5, Iteration, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return Add(builder, name, scope =>
        {
            var (a, b, c, d, e) = (Get<T1>(scope), Get<T2>(scope), Get<T3>(scope), Get<T4>(scope), Get<T5>(scope));
            return (iteration, token) => step(a, b, c, d, e, iteration, token);
        }, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4, T5>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, T5, Iteration, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3, T4, T5>(
            name, (a, b, c, d, e, iteration, token) => Await(step(a, b, c, d, e, iteration, token), name));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4, T5>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, T5, CancellationToken, ValueTask> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3, T4, T5>(name, (a, b, c, d, e, _, token) => step(a, b, c, d, e, token));
    }

    /// <inheritdoc cref="Step{T}(IRecurringTaskBuilder, string, Func{T, Iteration, CancellationToken, ValueTask})"/>
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4, T5>(
        this IRecurringTaskBuilder builder, string name, Func<T1, T2, T3, T4, T5, CancellationToken, Task> step)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull
    {
        ArgumentNullException.ThrowIfNull(step);
        return builder.Step<T1, T2, T3, T4, T5>(name, (a, b, c, d, e, _, token) => Await(step(a, b, c, d, e, token), name));
    }

    /// <summary>Not supported: a step takes at most five services.</summary>
    [Obsolete("A step takes at most five services. Write a class that implements IRecurringTask or take IServiceProvider.", true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IRecurringTaskBuilder Step<T1, T2, T3, T4, T5, T6>(
        this IRecurringTaskBuilder builder, string name, Delegate step) =>
        throw new NotSupportedException();

    private static T Get<T>(IServiceProvider scope)
        where T : notnull => scope.GetRequiredService<T>();
}
