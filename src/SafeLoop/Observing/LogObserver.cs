using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Logs, derived from the events. A first failure is a warning, a repeated one an error, a clean stop never more than information.</summary>
internal sealed class LogObserver(ILogger logger) : IRecurringTaskObserver
{
    // Less is what any busy machine does to a loop of a few milliseconds.
    private static readonly TimeSpan WorthAWarning = TimeSpan.FromSeconds(1);

    public void On(in LoopEvent e)
    {
        if (IsRoutine(e) && !logger.IsEnabled(e.FailuresBefore > 0 ? LogLevel.Information : LogLevel.Debug))
            return;
        var task = LoopName.Format(e.Task, e.Keyed);
        var text = e.Text is null ? null : Printable.Escape(e.Text, Printable.LongestText);
        switch (e.Kind)
        {
            case LoopEventKind.LoopStarted when e.Keyed is not null: Log.KeyStarted(logger, task); break;
            case LoopEventKind.LoopEnded when IsOnPurpose(e): Log.KeyEnded(logger, task, e.End.GetValueOrDefault()); break;
            case LoopEventKind.LoopStarted: Log.LoopStarted(logger, task); break;
            case LoopEventKind.IterationStarted: Log.IterationStarted(logger, task, e.Record.Number, e.Record.Slot); break;
            case LoopEventKind.IterationEnded: LogEnd(e, task); break;
            case LoopEventKind.IterationStuck:
                Log.IterationStuck(logger, task, e.Record.Number, e.Record.Elapsed.TotalMilliseconds, text);
                break;
            case LoopEventKind.IterationUnstuck: Log.IterationUnstuck(logger, task, e.Record.Number, e.Record.Elapsed.TotalMilliseconds, e.Exception); break;
            case LoopEventKind.Paused: Log.Paused(logger, task, text); break;
            case LoopEventKind.Resumed: Log.Resumed(logger, task); break;
            case LoopEventKind.Changed: Log.Changed(logger, task); break;
            case LoopEventKind.ChangeRejected: Log.ChangeRejected(logger, task, text); break;
            case LoopEventKind.Fault: Log.Fault(logger, task, text, e.Exception); break;
            case LoopEventKind.MemoryRising: Log.MemoryRising(logger, text); break;
            case LoopEventKind.LoopEnded when e.End is LoopEnd.Failures:
                Log.LoopGaveUp(logger, task, e.ConsecutiveFailures, text);
                break;
            case LoopEventKind.LoopEnded: Log.LoopEnded(logger, task, e.End.GetValueOrDefault(), text); break;
        }
    }

    // Nothing is made for a line that is not written: slots are missed by the thousand exactly when a machine has no time for that.
    private static bool IsRoutine(in LoopEvent e) => e.Kind switch
    {
        LoopEventKind.IterationStarted => true,
        LoopEventKind.IterationEnded => e.TheRecord.Outcome is IterationOutcome.Succeeded
            || (e.TheRecord.Outcome is IterationOutcome.Skipped && !IsMissed(e)),
        LoopEventKind.LoopStarted => e.Keyed is not null,
        _ => IsOnPurpose(e),
    };

    // The first missed slot shows how long the loop did not run. The last one of a fast loop is never very late.
    private static bool IsMissed(in LoopEvent e) => e.TheRecord.Reason is OutcomeReason.Missed
        && e.TheRecord.StartedAt - (e.FirstSlot.IsNone ? e.TheRecord.SlotAt : e.FirstSlot) >= WorthAWarning;

    // A million keys that are added and removed are not worth a million lines.
    private static bool IsOnPurpose(in LoopEvent e) => e is { Keyed: not null, Kind: LoopEventKind.LoopEnded, End: LoopEnd.Removed or LoopEnd.HostStopped };

    private void LogEnd(in LoopEvent e, string task)
    {
        ref readonly var record = ref e.TheRecord;
        var (ms, trace) = (record.Elapsed.TotalMilliseconds, new TraceText(Activity.Current));
        switch (record.Outcome)
        {
            case IterationOutcome.Succeeded: LogSuccess(e, task); break;
            case IterationOutcome.Failed when e.ConsecutiveFailures <= 1:
                Log.IterationFailed(logger, task, record.Number, ms, trace, e.Exception);
                break;
            case IterationOutcome.Failed:
                Log.IterationFailedAgain(logger, task, record.Number, ms, e.ConsecutiveFailures, trace, e.Exception);
                break;
            case IterationOutcome.TimedOut:
                var level = e.ConsecutiveFailures <= 1 ? LogLevel.Warning : LogLevel.Error;
                Log.IterationTimedOut(logger, level, task, record.Number, ms, e.ConsecutiveFailures, trace, e.Exception);
                break;
            case IterationOutcome.Interrupted: LogInterruption(e, task, ms, trace); break;
            case IterationOutcome.Skipped when IsMissed(e): Log.SlotMissed(logger, task, record.Count, record.Slot); break;
            default: Log.SlotSkipped(logger, task, record.Count, record.Slot, record.Reason); break;
        }
    }

    // An interruption asks for a cancellation. Any other exception deserves a warning, for example of a failed roll-back.
    private void LogInterruption(in LoopEvent e, string task, double ms, TraceText trace) => Log.IterationInterrupted(
        logger,
        e.Exception is null || Cancellation.IsCauseOf(e.Exception) ? LogLevel.Information : LogLevel.Warning,
        task,
        e.TheRecord.Number,
        ms,
        e.TheRecord.Reason,
        trace,
        Cancellation.IsCancellation(e.Exception) ? null : e.Exception);

    // Each recovery ends earlier lines about failures, also of a key. So there are never more recovery lines than failure lines.
    private void LogSuccess(in LoopEvent e, string task)
    {
        Log.IterationSucceeded(logger, task, e.TheRecord.Number, e.TheRecord.Elapsed.TotalMilliseconds);
        if (e.FailingFor is { } span)
            Log.Recovered(logger, task, e.FailuresBefore, span);
        else if (e.FailuresBefore > 0)
            Log.RecoveredAmongMany(logger, task, e.FailuresBefore);
    }
}
