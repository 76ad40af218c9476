using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Logs, derived from the events. A first failure is a warning, a repeated one an error, a clean stop never more than information.</summary>
internal sealed class LogObserver(ILogger logger) : IRecurringTaskObserver
{
    // Less is what any busy machine does to a loop of a few milliseconds.
    private static readonly TimeSpan WorthAWarning = TimeSpan.FromSeconds(1);

    public void On(in LoopEvent e)
    {
        switch (e.Kind)
        {
            case LoopEventKind.LoopStarted: Log.LoopStarted(logger, e.Task); break;
            case LoopEventKind.IterationStarted: Log.IterationStarted(logger, e.Task, e.Record.Number, e.Record.Slot); break;
            case LoopEventKind.IterationEnded: LogEnd(e); break;
            case LoopEventKind.IterationStuck: Log.IterationStuck(logger, e.Task, e.Record.Number, e.Record.Elapsed.TotalMilliseconds, e.Text); break;
            case LoopEventKind.IterationUnstuck: Log.IterationUnstuck(logger, e.Task, e.Record.Number, e.Record.Elapsed.TotalMilliseconds); break;
            case LoopEventKind.Paused: Log.Paused(logger, e.Task, e.Text); break;
            case LoopEventKind.Resumed: Log.Resumed(logger, e.Task); break;
            case LoopEventKind.Changed: Log.Changed(logger, e.Task); break;
            case LoopEventKind.ChangeRejected: Log.ChangeRejected(logger, e.Task, e.Text); break;
            case LoopEventKind.Fault: Log.Fault(logger, e.Task, e.Text, e.Exception); break;
            case LoopEventKind.LoopEnded when e.End is LoopEnd.Failures: Log.LoopGaveUp(logger, e.Task, e.ConsecutiveFailures, e.Text); break;
            case LoopEventKind.LoopEnded: Log.LoopEnded(logger, e.Task, e.End.GetValueOrDefault(), e.Text); break;
        }
    }

    private void LogEnd(in LoopEvent e)
    {
        ref readonly var record = ref e.TheRecord;
        var ms = record.Elapsed.TotalMilliseconds;
        switch (record.Outcome)
        {
            case IterationOutcome.Succeeded: Log.IterationSucceeded(logger, e.Task, record.Number, ms); break;
            case IterationOutcome.Failed when e.ConsecutiveFailures <= 1: Log.IterationFailed(logger, e.Task, record.Number, ms, e.Exception); break;
            case IterationOutcome.Failed: Log.IterationFailedAgain(logger, e.Task, record.Number, ms, e.ConsecutiveFailures, e.Exception); break;
            case IterationOutcome.TimedOut: Log.IterationTimedOut(logger, e.ConsecutiveFailures <= 1 ? LogLevel.Warning : LogLevel.Error, e.Task, record.Number, ms, e.ConsecutiveFailures, e.Exception); break;
            case IterationOutcome.Interrupted: Log.IterationInterrupted(logger, e.Task, record.Number, ms, record.Reason); break;
            case IterationOutcome.Skipped when record.Reason is OutcomeReason.Missed && record.Lateness >= WorthAWarning: Log.SlotMissed(logger, e.Task, record.Count, record.Slot); break;
            default: Log.SlotSkipped(logger, e.Task, record.Count, record.Slot, record.Reason); break;
        }
    }
}
