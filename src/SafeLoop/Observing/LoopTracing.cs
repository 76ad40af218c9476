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
        var started = Stopwatch.GetTimestamp();
        var span = Source.StartActivity(iteration.Task, ActivityKind.Internal, parentContext: default);
        iteration.Span = span;
        span?.SetTag("safeloop.task", iteration.Task);
        if (iteration.Keyed is { } keyed)
            span?.SetTag("safeloop.key", LoopName.OfKey(keyed.Key));
        span?.SetTag("safeloop.iteration", iteration.Number);
        span?.SetTag("safeloop.slot", iteration.Slot.ToString("O"));
        try
        {
            await run(state).ConfigureAwait(false);
        }
        finally
        {
            span?.SetEndTime(span.StartTimeUtc + Stopwatch.GetElapsedTime(started)); // what follows is not the steps' time
        }
    }

    /// <summary>Makes the span of an iteration the current one while something is written about it: logs and metrics refer to it.</summary>
    public static void Enter(Activity? span)
    {
        if (span is { IsStopped: false })
            Activity.Current = span;
    }

    /// <summary>Makes none the current one again.</summary>
    public static void Leave(Activity? span)
    {
        if (span is not null)
            Activity.Current = null;
    }

    /// <summary>Stops the span of an iteration and sets its outcome. The end of its time was set when the steps ended.</summary>
    public static void End(Iteration iteration, in IterationRecord record, Exception? error)
    {
        if (iteration.Span is not { } span)
            return;
        iteration.Span = null; // a loop that waits must not keep it
        span.SetTag("safeloop.outcome", OutcomeTags.Of(record.Outcome));
        if (record.Reason is not OutcomeReason.None)
            span.SetTag("safeloop.reason", ReasonTags.Of(record.Reason));
        if (record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
            Fail(span, error, record.Outcome);
        span.Stop();
    }

    public static async ValueTask StepAsync<TState>(
        string name, Func<TState, ValueTask> run, TState state, CancellationToken cancellationToken)
    {
        using var span = Source.StartActivity(name);
        span?.SetTag("safeloop.step", name);
        try
        {
            await run(state).ConfigureAwait(false);
        }
        catch (Exception error) when (Mark(span, error, cancellationToken)) // caught nowhere: the filter only looks, and says no
        {
            throw;
        }
    }

    // A step that obeys its token has not failed; what its cancellation means is the outcome of the iteration.
    private static bool Mark(Activity? span, Exception error, CancellationToken cancellationToken)
    {
        if (span is not null && !(error is OperationCanceledException && cancellationToken.IsCancellationRequested))
            Fail(span, error, IterationOutcome.Failed);
        return false;
    }

    private static void Fail(Activity span, Exception? error, IterationOutcome outcome)
    {
        span.SetTag("error.type", error?.GetType().FullName ?? OutcomeTags.Of(outcome));
        span.SetStatus(ActivityStatusCode.Error, ErrorText.MessageOf(error));
        AddException(span, error);
    }

    private static void AddException(Activity span, Exception? error)
    {
        try
        {
            if (error is not null)
                span.AddException(error);
        }
        catch (Exception) // its text is the user's code; the span says already of which type it is
        {
        }
    }
}
