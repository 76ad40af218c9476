using System.Diagnostics;

namespace SafeLoop;

/// <summary>
/// Creates the traces: a root span per iteration that covers its steps but not the wait, and a child span per step when there
/// are several.
/// </summary>
/// <remarks>
/// Not an observer, because a span must be the current one while the step runs. Attribute names follow the conventions of
/// OpenTelemetry: SafeLoop's own have a prefix, <c>error.type</c> is standard.
/// </remarks>
internal static class LoopTracing
{
    public const string Name = "SafeLoop";

    private static readonly ActivitySource Source = new(Name);

    public static bool IsOn => Source.HasListeners();

    public static async ValueTask IterationAsync<TState>(
        LoopObservers observers, Iteration iteration, Func<TState, ValueTask> run, TState state)
    {
        // Starts a root span, whatever span the thread has; the caller's span is restored when this method returns.
        Activity.Current = null;
        var started = Stopwatch.GetTimestamp();
        Activity? span = null;
        Guard(
            observers,
            iteration,
            () => span = Source.StartActivity(iteration.TaskName, ActivityKind.Internal, parentContext: default));
        iteration.Span = span;
        span?.SetTag("safeloop.task", iteration.TaskName);
        if (iteration.Keyed is { } keyed)
            span?.SetTag("safeloop.key", LoopName.FormatKey(keyed.Key));
        span?.SetTag("safeloop.iteration", iteration.Number);
        span?.SetTag("safeloop.slot", iteration.Slot.ToString("O"));
        try
        {
            await run(state).ConfigureAwait(false);
        }
        finally
        {
            // Set now, because handlers and records are not part of the time of the steps.
            span?.SetEndTime(span.StartTimeUtc + Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>The id of the trace; null without one.</summary>
    public static string? FindTraceId(Activity? span) =>
        span is { IdFormat: ActivityIdFormat.W3C } ? span.TraceId.ToHexString() : null;

    /// <summary>Makes the span of an iteration current, so that logs and metrics about the iteration refer to it.</summary>
    public static void Enter(Activity? span)
    {
        if (span is { IsStopped: false })
            Activity.Current = span;
    }

    /// <summary>Clears the current span.</summary>
    public static void Leave(Activity? span)
    {
        if (span is not null)
            Activity.Current = null;
    }

    /// <summary>Sets the outcome of the span of an iteration and stops it. Its end time was set when the steps ended.</summary>
    public static void End(LoopObservers observers, Iteration iteration, in IterationRecord record, Exception? error)
    {
        if (iteration.Span is not { } span)
            return;
        iteration.Span = null; // a waiting loop must not keep it alive
        span.SetTag("safeloop.outcome", OutcomeTags.Get(record.Outcome));
        if (record.Reason is not OutcomeReason.None)
            span.SetTag("safeloop.reason", ReasonTags.Get(record.Reason));
        if (record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
            Fail(span, error, record.Outcome);
        Guard(observers, iteration, span.Stop);
    }

    public static async ValueTask StepAsync<TState>(
        LoopObservers observers,
        Iteration iteration,
        string name,
        Func<TState, ValueTask> run,
        TState state,
        CancellationToken cancellationToken)
    {
        Activity? span = null;
        Guard(observers, iteration, () => span = Source.StartActivity(name));
        span?.SetTag("safeloop.step", name);
        try
        {
            await run(state).ConfigureAwait(false);
        }
        catch (Exception error) when (Mark(span, error, cancellationToken)) // never catches: the filter returns false
        {
            throw;
        }
        finally
        {
            if (span is not null)
                Guard(observers, iteration, span.Stop);
        }
    }

    // Trace listeners are user code and are called when a span starts and stops.
    private static void Guard(LoopObservers observers, Iteration iteration, Action startOrStop)
    {
        using var call = observers.Calls.Enter("a listener of its traces", iteration.Subject);
        try
        {
            startOrStop();
        }
        catch (Exception error) // an exception from a listener must not fail the iteration
        {
            const string Text = "A listener of its traces threw.";
            observers.Fault(FaultKind.TraceListenerThrew, iteration.TaskName, Text, error, iteration.Keyed);
        }
    }

    // A step that observes its cancellation has not failed. The outcome of the iteration states what the cancellation means.
    private static bool Mark(Activity? span, Exception error, CancellationToken cancellationToken)
    {
        if (span is not null && !(error is OperationCanceledException && cancellationToken.IsCancellationRequested))
            Fail(span, error, IterationOutcome.Failed);
        return false;
    }

    private static void Fail(Activity span, Exception? error, IterationOutcome outcome)
    {
        span.SetTag("error.type", error?.GetType().FullName ?? OutcomeTags.Get(outcome));
        span.SetStatus(ActivityStatusCode.Error, ErrorText.ReadMessage(error));
        AddException(span, error);
    }

    private static void AddException(Activity span, Exception? error)
    {
        try
        {
            if (error is not null)
                span.AddException(error);
        }
        catch (Exception) // the message of an exception is user code; the span already has its type
        {
        }
    }
}
