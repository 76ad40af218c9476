using System.Runtime.CompilerServices;
using Polly;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Verbs that define what happens after failures. Without them, a failure never ends the loop.</summary>
public static partial class RecurringTaskFailureExtensions
{
    /// <summary>
    /// Slows the cadence down while iterations fail: the next slot is the later of the schedule's own and the pause initial ×
    /// factor^(n−1). A success resets the pause.
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="initial">The pause after the first failure; at least 1 millisecond.</param>
    /// <param name="max">The longest pause; null: 5 minutes, or <paramref name="initial"/> if that is longer.</param>
    /// <param name="factor">The factor by which each further failure lengthens the pause; at least 1.</param>
    /// <param name="jitter">The random share of the pause, 0 to 1: 0.2 draws from 80 % to 120 %.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder BackOff(
        this IRecurringTaskBuilder builder, TimeSpan initial, TimeSpan? max = null, double factor = 2, double jitter = 0) =>
        builder.Configure(options =>
        {
            var longest = max ?? (initial > options.BackOff.Max ? initial : options.BackOff.Max);
            options.BackOff = new() { Initial = initial, Max = longest, Factor = factor, Jitter = jitter };
        });

    /// <summary>Pauses the task after this many failures in a row, until it is resumed by hand.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="failures">At least 1. Time-outs count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder PauseAfterFailures(this IRecurringTaskBuilder builder, int failures) =>
        builder.Configure(options => options.Failures.PauseAfter = failures);

    /// <summary>Ends the loop after this many failures in a row (<see cref="LoopEnd.Failures"/>).</summary>
    /// <param name="builder">The task.</param>
    /// <param name="failures">At least 1. Time-outs count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder StopAfterFailures(this IRecurringTaskBuilder builder, int failures) =>
        builder.Configure(options => options.Failures.StopAfter = failures);

    /// <summary>Stops the whole host after this many failures in a row.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="failures">At least 1. Time-outs count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder StopHostAfterFailures(this IRecurringTaskBuilder builder, int failures) =>
        builder.Configure(options => options.Failures.StopHostAfter = failures);

    /// <summary>
    /// Calls a handler after each failed or timed-out iteration, before SafeLoop records it and plans the next one.
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="handler">Awaited. When it throws, the exception is logged and the loop goes on.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// When an iteration is stuck after its time limit, handlers are called when it is reported as stuck, while its step still
    /// runs. SafeLoop does not await them then.
    /// </remarks>
    [OverloadResolutionPriority(2)]
    public static IRecurringTaskBuilder OnFailure(
        this IRecurringTaskBuilder builder, Func<RecurringTaskFailure, ValueTask> handler)
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

    /// <summary>
    /// Cancels an iteration's token when the iteration exceeds the limit (<see cref="IterationOutcome.TimedOut"/>). An
    /// iteration that ignores the cancellation is reported as stuck.
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="limit">
    /// At least 1 millisecond, including the wait for the lock. <see cref="Timeout.InfiniteTimeSpan"/>: no limit. Without this
    /// verb, an iteration is reported as long-running after one hour or one period, whichever is longer.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder WithTimeout(this IRecurringTaskBuilder builder, TimeSpan limit) =>
        builder.Configure(options => options.Timeout = limit);

    /// <summary>Wraps the steps in a resilience pipeline.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="pipeline">The pipeline. Its retries happen within one iteration.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// <para>
    /// All keys of a keyed task share the pipeline. A circuit breaker or a rate limiter in it therefore acts on all keys at
    /// once: the failures of one key open the circuit for every key. For a pipeline per key, create a
    /// <c>ResiliencePipelineRegistry</c> with your keys and run the step's work in <c>GetOrAddPipeline(key, …)</c>.
    /// </para>
    /// <para>
    /// All attempts are one iteration and share its <see cref="Iteration"/>. With a strategy that runs attempts side by side,
    /// such as hedging, <see cref="Iteration.Services"/> is the scope of the attempt that began last.
    /// </para>
    /// </remarks>
    public static IRecurringTaskBuilder WithResilience(this IRecurringTaskBuilder builder, ResiliencePipeline pipeline) =>
        builder.Configure(options => options.ResiliencePipeline = pipeline);

    /// <summary>
    /// Wraps the steps in the pipeline registered under this name (<c>services.AddResiliencePipeline(name, …)</c>).
    /// </summary>
    /// <param name="builder">The task.</param>
    /// <param name="name">The pipeline's name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <inheritdoc cref="WithResilience(IRecurringTaskBuilder, ResiliencePipeline)" path="/remarks"/>
    public static IRecurringTaskBuilder WithResilience(this IRecurringTaskBuilder builder, string name) =>
        builder.Configure(options => options.Resilience = name);

    /// <summary>Wraps the steps in a resilience pipeline.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="configure">
    /// Adds strategies. Called when the options take effect. The builder already has the application's clock.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <inheritdoc cref="WithResilience(IRecurringTaskBuilder, ResiliencePipeline)" path="/remarks"/>
    public static IRecurringTaskBuilder WithResilience(
        this IRecurringTaskBuilder builder, Action<ResiliencePipelineBuilder> configure) =>
        builder.Configure(options => options.ConfigureResilience = configure);

    /// <summary>The task is unhealthy when its last success is longer ago than this.</summary>
    /// <param name="builder">The task.</param>
    /// <param name="limit">
    /// Measured from the loop's start until the first success. Not checked while the task is disabled, paused by hand, or has
    /// ended as planned.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IRecurringTaskBuilder SucceedWithin(this IRecurringTaskBuilder builder, TimeSpan limit) =>
        builder.Configure(options => options.SucceedWithin = limit);

    /// <summary>Reports each iteration to a monitoring service, which alerts when the reports cease to come.</summary>
    /// <param name="builder">The task; not a keyed one.</param>
    /// <param name="url">
    /// The absolute http or https URL that the service has given you. An iteration that starts sends a GET request to it with
    /// <c>/start</c> behind the path, one that failed or timed out with <c>/fail</c>, and one that succeeded to the URL itself.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// In virtual time nothing is sent. To send requests in a way of your own, such as through a proxy or into a test, register
    /// an <see cref="HttpMessageHandler"/> as a keyed singleton with the key <c>SafeLoop.Pings</c>.
    /// </remarks>
    /// <inheritdoc cref="RecurringTaskOptions.PingAfter" path="/remarks"/>
    public static IRecurringTaskBuilder PingAfter(this IRecurringTaskBuilder builder, string url) =>
        builder.Configure(options => options.PingAfter = url);
}
