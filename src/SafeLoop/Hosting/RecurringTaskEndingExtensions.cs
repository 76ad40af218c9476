using System.Runtime.CompilerServices;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Verbs that define when the loop ends, and what happens to an iteration that is running then.</summary>
public static partial class RecurringTaskEndingExtensions
{
    /// <summary>
    /// Ends the loop when the check returns false. Called before each iteration, like the head of a <c>while</c>.
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="check">
    /// False: the slot is skipped (<see cref="OutcomeReason.ConditionFalse"/>) and the loop ends. When the check throws, the
    /// iteration is <see cref="IterationOutcome.Failed"/>.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder While(this IRecurringTaskBuilder builder, Func<bool> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.While(_ => new ValueTask<bool>(check()));
    }

    /// <inheritdoc cref="While(IRecurringTaskBuilder, Func{bool})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder While(this IRecurringTaskBuilder builder, Func<CancellationToken, ValueTask<bool>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Configure(options => options.WhileChecks.Add(check));
    }

    /// <inheritdoc cref="While(IRecurringTaskBuilder, Func{bool})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder While(this IRecurringTaskBuilder builder, Func<CancellationToken, Task<bool>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.While(token => new ValueTask<bool>(check(token)));
    }

    /// <summary>
    /// Ends the loop when the check returns true. Called after each iteration, like the end of a <c>do … while</c>.
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="check">True: the loop ends. When the check throws, the exception is logged and the loop goes on.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder Until(this IRecurringTaskBuilder builder, Func<bool> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Until(_ => new ValueTask<bool>(check()));
    }

    /// <inheritdoc cref="Until(IRecurringTaskBuilder, Func{bool})"/>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder Until(this IRecurringTaskBuilder builder, Func<CancellationToken, ValueTask<bool>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Configure(options => options.UntilChecks.Add(check));
    }

    /// <inheritdoc cref="Until(IRecurringTaskBuilder, Func{bool})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder Until(this IRecurringTaskBuilder builder, Func<CancellationToken, Task<bool>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.Until(token => new ValueTask<bool>(check(token)));
    }

    /// <summary>Ends the loop after this many iterations.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="iterations">At least 1. Skipped slots do not count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder StopAfter(this IRecurringTaskBuilder builder, long iterations) =>
        builder.Configure(options => options.StopAfter = iterations);

    /// <summary>When the loop stops, lets the running iteration continue for this long before its token is cancelled.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="limit">Zero or more. The host's shutdown limit still applies.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder DrainFor(this IRecurringTaskBuilder builder, TimeSpan limit) =>
        builder.Configure(options => options.DrainFor = limit);
}
