using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>
/// Writes the log. The first failure is a warning, a repeated failure an error, and a clean stop at most information.
/// </summary>
/// <param name="logger">The log of SafeLoop.</param>
/// <param name="scopes">Opens a scope around the lines about an iteration; null: they have none.</param>
internal sealed class LogObserver(ILogger logger, LogScopes? scopes = null) : IOwnObserver
{
    // A busy machine delays a loop with a period of a few milliseconds by less than this.
    private static readonly TimeSpan WorthAWarning = TimeSpan.FromSeconds(1);

    private const string HostStops = "The host is being stopped because of that (StopHostAfterFailures).";
    private const string OnlyByHand = "It does not run again until it is started by hand (StopAfterFailures).";

    public void OnEvent(in LoopEvent e)
    {
        if (IsRoutine(e) && !logger.IsEnabled(e.FailuresBefore > 0 ? LogLevel.Information : LogLevel.Debug))
            return;
        if (scopes is null || !IsAfterSteps(e.Kind))
        {
            Write(e);
            return;
        }
        var scope = scopes.Begin(new(e.TaskName, e.Keyed, e.TheRecord.Number, e.TheRecord.Slot));
        try
        {
            Write(e);
        }
        finally
        {
            LogScopes.End(scope);
        }
    }

    // The scope of the steps has ended then. All other lines about an iteration are written within it.
    private static bool IsAfterSteps(LoopEventKind kind) =>
        kind is LoopEventKind.IterationEnded or LoopEventKind.IterationStuck or LoopEventKind.IterationUnstuck;

    private void Write(in LoopEvent e)
    {
        var (log, task) = (KeyedLogger.For(logger, e.Keyed), e.TaskName);
        var text = e.Text is null ? null : Printable.Escape(e.Text, Printable.LongestText);
        switch (e.Kind)
        {
            case LoopEventKind.LoopStarted when e.Keyed is not null: Log.KeyStarted(log, task); break;
            case LoopEventKind.LoopEnded when IsOnPurpose(e): Log.KeyEnded(log, task, e.End.GetValueOrDefault()); break;
            case LoopEventKind.LoopStarted: Log.LoopStarted(log, task); break;
            case LoopEventKind.IterationStarted: Log.IterationStarted(log, task, e.Record.Number, e.Record.Slot); break;
            case LoopEventKind.IterationEnded: LogEnd(e, log); break;
            case LoopEventKind.IterationStuck when HasNotStarted(e):
                LogBeforeStart.IterationStuck(log, task, text, e.TheRecord.Elapsed.TotalMilliseconds);
                break;
            case LoopEventKind.IterationUnstuck when HasNotStarted(e):
                LogBeforeStart.IterationUnstuck(log, task, e.TheRecord.Elapsed.TotalMilliseconds, e.Exception);
                break;
            case LoopEventKind.IterationStuck:
                Log.IterationStuck(log, task, e.Record.Number, e.Record.Elapsed.TotalMilliseconds, text);
                break;
            case LoopEventKind.IterationUnstuck:
                Log.IterationUnstuck(log, task, e.Record.Number, e.Record.Elapsed.TotalMilliseconds, e.Exception);
                break;
            case LoopEventKind.Paused: Log.Paused(log, task, text); break;
            case LoopEventKind.Resumed: Log.Resumed(log, task, text); break;
            case LoopEventKind.Changed: Log.Changed(log, task); break;
            case LoopEventKind.ChangeRejected: Log.ChangeRejected(log, task, text); break;
            case LoopEventKind.Fault: FaultLog.Write(log, e.FaultKind, task, text, e.Exception); break;
            case LoopEventKind.ShardOpened: Log.ShardOpened(log, task, text); break;
            case LoopEventKind.ShardClosed: Log.ShardClosed(log, task, text); break;
            case LoopEventKind.ShardLost: Log.ShardLost(log, task, text); break;
            case LoopEventKind.MemoryRising: HostLog.MemoryRising(log, text); break;
            case LoopEventKind.LoopEnded when e.End is LoopEnd.Failures:
                var stopsHost = e.Consequence is FailureConsequence.StopHost;
                Log.LoopGaveUp(log, task, e.ConsecutiveFailures, stopsHost ? HostStops : OnlyByHand);
                break;
            case LoopEventKind.LoopEnded:
                var end = e.End.GetValueOrDefault();
                Log.LoopEnded(log, task, end, text ?? ReasonOf(end));
                break;
        }
    }

    // Filters early, so that a message that is not logged costs nothing: an overloaded machine misses thousands of slots.
    private static bool IsRoutine(in LoopEvent e) => e.Kind switch
    {
        LoopEventKind.IterationStarted => true,
        LoopEventKind.IterationEnded => e.TheRecord.Outcome is IterationOutcome.Succeeded
            || (e.TheRecord is { Outcome: IterationOutcome.Skipped, Reason: not OutcomeReason.HostDown } && !IsMissed(e)),
        LoopEventKind.LoopStarted => e.Keyed is not null,
        _ => IsOnPurpose(e),
    };

    // The first missed slot shows how long the loop was not running. The last missed slot of a fast loop is never very late.
    private static bool IsMissed(in LoopEvent e) => e.TheRecord.Reason is OutcomeReason.Missed
        && e.TheRecord.StartedAt - (e.FirstSlot.IsNone ? e.TheRecord.SlotAt : e.FirstSlot) >= WorthAWarning;

    // Keys that are added and removed are logged at debug level, because there may be millions of them.
    private static bool IsOnPurpose(in LoopEvent e) =>
        e is { Keyed: not null, Kind: LoopEventKind.LoopEnded, End: LoopEnd.Removed or LoopEnd.HostStopped or LoopEnd.Moved };

    private static void LogEnd(in LoopEvent e, ILogger log)
    {
        ref readonly var record = ref e.TheRecord;
        var (ms, trace) = (record.Elapsed.TotalMilliseconds, new TraceText(Activity.Current));
        switch (record.Outcome)
        {
            case IterationOutcome.Succeeded: LogSuccess(e, log); break;
            case IterationOutcome.Failed or IterationOutcome.TimedOut when HasNotStarted(e):
                LogFailureBeforeStart(e, log, ms);
                break;
            case IterationOutcome.Failed when e.ConsecutiveFailures <= 1:
                Log.IterationFailed(log, e.TaskName, record.Number, ms, ConsequenceOf(e), trace, e.Exception);
                break;
            case IterationOutcome.Failed:
                Log.IterationFailedAgain(
                    log, e.TaskName, record.Number, ms, e.ConsecutiveFailures, ConsequenceOf(e), trace, e.Exception);
                break;
            case IterationOutcome.TimedOut:
                Log.IterationTimedOut(
                    log, LevelOf(e), e.TaskName, record.Number, ms, e.ConsecutiveFailures, ConsequenceOf(e), trace, e.Exception);
                break;
            case IterationOutcome.Interrupted: LogInterruption(e, log, ms, trace); break;
            case IterationOutcome.Skipped when record.Reason is OutcomeReason.HostDown:
                Log.HostWasDown(log, e.TaskName, record.Count, record.Slot);
                break;
            case IterationOutcome.Skipped when IsMissed(e): Log.SlotMissed(log, e.TaskName, record.Count, record.Slot); break;
            default: Log.SlotSkipped(log, e.TaskName, record.Count, record.Slot, record.Reason); break;
        }
    }

    private static void LogFailureBeforeStart(in LoopEvent e, ILogger log, double ms)
    {
        var (failures, consequence) = (e.ConsecutiveFailures, ConsequenceOf(e));
        if (e.TheRecord.Outcome is IterationOutcome.TimedOut)
            LogBeforeStart.IterationTimedOut(log, LevelOf(e), e.TaskName, ms, failures, consequence, e.Exception);
        else if (failures <= 1)
            LogBeforeStart.IterationFailed(log, e.TaskName, ms, consequence, e.Exception);
        else
            LogBeforeStart.IterationFailedAgain(log, e.TaskName, ms, failures, consequence, e.Exception);
    }

    // A cancelled iteration normally ends with a cancellation. Any other exception deserves a warning, such as a failed
    // roll-back.
    private static void LogInterruption(in LoopEvent e, ILogger log, double ms, TraceText trace)
    {
        var isExpected = e.Exception is null || Cancellation.IsCauseOf(e.Exception);
        var level = isExpected ? LogLevel.Information : LogLevel.Warning;
        var error = Cancellation.IsCancellation(e.Exception) ? null : e.Exception;
        ref readonly var record = ref e.TheRecord;
        if (HasNotStarted(e))
            LogBeforeStart.IterationInterrupted(log, level, e.TaskName, record.Reason, error);
        else
            Log.IterationInterrupted(log, level, e.TaskName, record.Number, ms, record.Reason, trace, error);
    }

    private static bool HasNotStarted(in LoopEvent e) => e.TheRecord.Number == 0;

    private static LogLevel LevelOf(in LoopEvent failure) =>
        failure.ConsecutiveFailures <= 1 ? LogLevel.Warning : LogLevel.Error;

    private static string ConsequenceOf(in LoopEvent failure) => failure.Consequence switch
    {
        FailureConsequence.None => "the loop goes on",
        FailureConsequence.Pause => "the task is paused",
        FailureConsequence.StopLoop => "the loop ends",
        _ => "the loop ends and the host stops",
    };

    // The text for ends without an explicit reason.
    private static string ReasonOf(LoopEnd end) => end switch
    {
        LoopEnd.ConditionMet => "A check ended it.",
        LoopEnd.StoppedByStep => "A step stopped it.",
        LoopEnd.LockHeld => "Its lock was held elsewhere.",
        LoopEnd.Stopped => "It was stopped by hand.",
        LoopEnd.Removed => "The task was removed.",
        LoopEnd.HostStopped => "The host is stopping.",
        LoopEnd.Moved => "Another host runs it.",
        _ => "Nothing is left to do.",
    };

    // A recovery is logged only after failures were logged, also for a key, so there are never more recovery lines than failure
    // lines.
    private static void LogSuccess(in LoopEvent e, ILogger log)
    {
        Log.IterationSucceeded(log, e.TaskName, e.TheRecord.Number, e.TheRecord.Elapsed.TotalMilliseconds);
        if (e.FailingFor is { } span)
            Log.Recovered(log, e.TaskName, e.FailuresBefore, span);
        else if (e.FailuresBefore > 0)
            Log.RecoveredAmongMany(log, e.TaskName, e.FailuresBefore);
    }
}
