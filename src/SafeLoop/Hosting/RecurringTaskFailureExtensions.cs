using System.Runtime.CompilerServices;
using Polly;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Verbs that say what follows from failures. Whatever they say, a failure never ends the loop by itself.</summary>
public static partial class RecurringTaskFailureExtensions
{
    /// <summary>Slows the cadence down while iterations fail: the next slot is the later of the schedule's and initial × factor^(n−1). A success resets it.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="initial">The pause after the first failure; at least 1 millisecond.</param>
    /// <param name="max">The longest pause; null: 5 minutes, or <paramref name="initial"/> if that is longer.</param>
    /// <param name="factor">By how much each further failure lengthens it; at least 1.</param>
    /// <param name="jitter">The share of the pause that is random, 0 to 1: 0.2 draws from 80 % to 120 %.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder BackOff(
        this IRecurringTaskBuilder builder, TimeSpan initial, TimeSpan? max = null, double factor = 2, double jitter = 0) =>
        builder.Configure(options =>
        {
            var longest = max ?? (initial > options.BackOff.Max ? initial : options.BackOff.Max);
            options.BackOff = new() { Initial = initial, Max = longest, Factor = factor, Jitter = jitter };
        });

    /// <summary>Pauses the task after so many failures in a row, until it is resumed by hand.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="failures">At least 1. Time-outs count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder PauseAfterFailures(this IRecurringTaskBuilder builder, int failures) =>
        builder.Configure(options => options.Failures.PauseAfter = failures);

    /// <summary>Ends the loop after so many failures in a row (<see cref="LoopEnd.Failures"/>).</summary>
    /// <param name="builder">The task.</param>
    /// <param name="failures">At least 1. Time-outs count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder StopAfterFailures(this IRecurringTaskBuilder builder, int failures) =>
        builder.Configure(options => options.Failures.StopAfter = failures);

    /// <summary>Stops the whole host after so many failures in a row.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="failures">At least 1. Time-outs count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder StopHostAfterFailures(this IRecurringTaskBuilder builder, int failures) =>
        builder.Configure(options => options.Failures.StopHostAfter = failures);

    /// <summary>Calls a handler after each iteration that failed or timed out, before it is recorded and the next is planned.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="handler">Awaited. One that throws is logged, and the loop goes on.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>Of an iteration that is stuck after its time-out, handlers are told when it is reported as stuck, while its step still runs; nobody waits for them then.</remarks>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder OnFailure(this IRecurringTaskBuilder builder, Func<RecurringTaskFailure, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.Configure(options => options.FailureHandlers.Add(handler));
    }

    /// <inheritdoc cref="OnFailure(IRecurringTaskBuilder, Func{RecurringTaskFailure, ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public static IRecurringTaskBuilder OnFailure(this IRecurringTaskBuilder builder, Func<RecurringTaskFailure, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.OnFailure(failure => new ValueTask(handler(failure)));
    }

    /// <inheritdoc cref="OnFailure(IRecurringTaskBuilder, Func{RecurringTaskFailure, ValueTask})"/>
    public static IRecurringTaskBuilder OnFailure(this IRecurringTaskBuilder builder, Action<RecurringTaskFailure> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return builder.OnFailure(failure =>
        {
            handler(failure);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Cancels an iteration's token when it takes longer (<see cref="IterationOutcome.TimedOut"/>). One that ignores it is reported as stuck.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="limit">
    /// At least 1 millisecond. Waiting for the lock counts. <see cref="Timeout.InfiniteTimeSpan"/> says that it may take as long as it likes; where nothing is
    /// said, one that takes longer than an hour, and than to the next slot, is told as one that may hang.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder WithTimeout(this IRecurringTaskBuilder builder, TimeSpan limit) => builder.Configure(options => options.Timeout = limit);

    /// <summary>Puts a resilience pipeline round the steps.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="pipeline">Built by you. Its retries happen within one iteration.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// <para>
    /// All keys of a keyed task share the pipeline. A circuit breaker or a rate limiter in it therefore acts on all keys at once:
    /// the failures of one key open the circuit for every key. For a pipeline per key, keep a
    /// <c>ResiliencePipelineRegistry</c> of your keys and run the step's work in <c>GetOrAddPipeline(key, …)</c>.
    /// </para>
    /// <para>
    /// All attempts are one iteration and share its <see cref="Iteration"/>. With a strategy that runs attempts side by side,
    /// such as hedging, <see cref="Iteration.Services"/> is the scope of the attempt that began last.
    /// </para>
    /// </remarks>
    public static IRecurringTaskBuilder WithResilience(this IRecurringTaskBuilder builder, ResiliencePipeline pipeline) => builder.Configure(options => options.ResiliencePipeline = pipeline);

    /// <summary>Puts the pipeline registered under this name (<c>services.AddResiliencePipeline(name, …)</c>) round the steps.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="name">The pipeline's name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <inheritdoc cref="WithResilience(IRecurringTaskBuilder, ResiliencePipeline)" path="/remarks"/>
    public static IRecurringTaskBuilder WithResilience(this IRecurringTaskBuilder builder, string name) => builder.Configure(options => options.Resilience = name);

    /// <summary>Puts a resilience pipeline round the steps.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="configure">Adds strategies; called when the options take effect. The application's clock is set already.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <inheritdoc cref="WithResilience(IRecurringTaskBuilder, ResiliencePipeline)" path="/remarks"/>
    public static IRecurringTaskBuilder WithResilience(this IRecurringTaskBuilder builder, Action<ResiliencePipelineBuilder> configure) => builder.Configure(options => options.ConfigureResilience = configure);

    /// <summary>The task is unhealthy when its last success is longer ago than this.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="limit">Counted from the loop's start until the first success. Not asked for while the task is disabled, paused by hand, or has ended as planned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder SucceedWithin(this IRecurringTaskBuilder builder, TimeSpan limit) => builder.Configure(options => options.SucceedWithin = limit);
}
