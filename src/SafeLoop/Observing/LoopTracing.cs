using System.Diagnostics;

namespace SafeLoop;

/// <summary>Traces: a root span per iteration that covers its steps only, never the wait, and a child for each step of several.</summary>
/// <remarks>
/// Not an observer like logs and metrics, because a span must be the current one while the step runs. Attribute names follow
/// OpenTelemetry's conventions: our own are prefixed, <c>error.type</c> is theirs.
/// </remarks>
internal static class LoopTracing
{
    public const string Name = "SafeLoop";

    private static readonly ActivitySource Source = new(Name);

    public static bool IsOn => Source.HasListeners();

    public static async ValueTask IterationAsync<TState>(Iteration iteration, Func<TState, ValueTask> run, TState state)
    {
        Activity.Current = null; // a root, whatever this thread carries; the caller's own comes back when this method returns
        using var span = Source.StartActivity(iteration.Task, ActivityKind.Internal, parentContext: default);
        span?.SetTag("safeloop.task", iteration.Task);
        span?.SetTag("safeloop.iteration", iteration.Number);
        span?.SetTag("safeloop.slot", iteration.Slot.ToString("O"));
        await RunAsync(span, run, state).ConfigureAwait(false);
    }

    public static async ValueTask StepAsync<TState>(string name, Func<TState, ValueTask> run, TState state)
    {
        using var span = Source.StartActivity(name);
        span?.SetTag("safeloop.step", name);
        await RunAsync(span, run, state).ConfigureAwait(false);
    }

    private static async ValueTask RunAsync<TState>(Activity? span, Func<TState, ValueTask> run, TState state)
    {
        try
        {
            await run(state).ConfigureAwait(false);
        }
        catch (Exception error) when (Mark(span, error)) // caught nowhere: the filter only looks, and says no
        {
            throw;
        }
    }

    private static bool Mark(Activity? span, Exception error)
    {
        span?.SetTag("error.type", error.GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error, error.Message);
        return false;
    }
}
