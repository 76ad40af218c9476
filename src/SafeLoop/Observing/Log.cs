using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>The log messages about one task. Each has the name of the task as field <c>Task</c>.</summary>
/// <remarks>
/// docs/observability.md lists all event ids. Ids and names never change. For a key, call with a <see cref="KeyedLogger"/>.
/// </remarks>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Loop of '{Task}' started")]
    public static partial void LoopStarted(ILogger logger, string task);

    [LoggerMessage(2, LogLevel.Information, "Loop of '{Task}' ended: {End}. {Reason}")]
    public static partial void LoopEnded(ILogger logger, string task, LoopEnd end, string? reason);

    [LoggerMessage(4, LogLevel.Debug, "Loop of '{Task}' started")]
    public static partial void KeyStarted(ILogger logger, string task);

    [LoggerMessage(5, LogLevel.Debug, "Loop of '{Task}' ended: {End}")]
    public static partial void KeyEnded(ILogger logger, string task, LoopEnd end);

    [LoggerMessage(3, LogLevel.Critical, "Loop of '{Task}' ended after {Failures} failure(s) in a row. {Consequence}")]
    public static partial void LoopGaveUp(ILogger logger, string task, int failures, string consequence);

    [LoggerMessage(10, LogLevel.Trace, "Iteration {Iteration} of '{Task}' started for slot {Slot:O}")]
    public static partial void IterationStarted(ILogger logger, string task, long iteration, DateTimeOffset slot);

    [LoggerMessage(11, LogLevel.Debug, "Iteration {Iteration} of '{Task}' succeeded after {ElapsedMs:0.###} ms")]
    public static partial void IterationSucceeded(ILogger logger, string task, long iteration, double elapsedMs);

    [LoggerMessage(
        26, LogLevel.Information, "'{Task}' succeeds again after {Failures} failure(s) in a row, {FailingFor} after the first")]
    public static partial void Recovered(ILogger logger, string task, int failures, TimeSpan failingFor);

    [LoggerMessage(27, LogLevel.Information, "'{Task}' succeeds again after {Failures} failure(s) in a row")]
    public static partial void RecoveredAmongMany(ILogger logger, string task, int failures);

    [LoggerMessage(28, LogLevel.Information, "The pings of '{Task}' arrive again")]
    public static partial void PingsArrive(ILogger logger, string task);

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "Iteration {Iteration} of '{Task}' failed after {ElapsedMs:0.###} ms; {Consequence}{Trace}")]
    public static partial void IterationFailed(
        ILogger logger,
        string task,
        long iteration,
        double elapsedMs,
        string consequence,
        TraceText trace,
        Exception? exception);

    [LoggerMessage(
        13,
        LogLevel.Error,
        "Iteration {Iteration} of '{Task}' failed after {ElapsedMs:0.###} ms, "
            + "{Failures} failures in a row; {Consequence}{Trace}")]
    public static partial void IterationFailedAgain(
        ILogger logger,
        string task,
        long iteration,
        double elapsedMs,
        int failures,
        string consequence,
        TraceText trace,
        Exception? exception);

    [LoggerMessage(
        EventId = 14,
        Message = "Iteration {Iteration} of '{Task}' exceeded its time limit, {ElapsedMs:0.###} ms after it started, "
            + "{Failures} failure(s) in a row; {Consequence}{Trace}")]
    public static partial void IterationTimedOut(
        ILogger logger,
        LogLevel level,
        string task,
        long iteration,
        double elapsedMs,
        int failures,
        string consequence,
        TraceText trace,
        Exception? exception);

    [LoggerMessage(
        EventId = 15,
        Message = "Iteration {Iteration} of '{Task}' was interrupted after {ElapsedMs:0.###} ms: {Reason}{Trace}")]
    public static partial void IterationInterrupted(
        ILogger logger,
        LogLevel level,
        string task,
        long iteration,
        double elapsedMs,
        OutcomeReason reason,
        TraceText trace,
        Exception? exception);

    [LoggerMessage(16, LogLevel.Debug, "{Count} slot(s) of '{Task}' up to {Slot:O} skipped: {Reason}")]
    public static partial void SlotSkipped(ILogger logger, string task, long count, DateTimeOffset slot, OutcomeReason reason);

    [LoggerMessage(17, LogLevel.Warning, "{Count} slot(s) of '{Task}' up to {Slot:O} missed: they were noticed too late")]
    public static partial void SlotMissed(ILogger logger, string task, long count, DateTimeOffset slot);

    [LoggerMessage(25, LogLevel.Warning, "{Count} slot(s) of '{Task}' up to {Slot:O} came due while no host was running")]
    public static partial void HostWasDown(ILogger logger, string task, long count, DateTimeOffset slot);

    [LoggerMessage(
        18,
        LogLevel.Error,
        "Iteration {Iteration} of '{Task}' is stuck: cancelled, but still running after {ElapsedMs:0.###} ms in {Activity}, "
            + "which ignores its cancellation token; no other iteration starts until it ends")]
    public static partial void IterationStuck(ILogger logger, string task, long iteration, double elapsedMs, string? activity);

    [LoggerMessage(19, LogLevel.Warning, "Iteration {Iteration} of '{Task}', which was stuck, ended after {ElapsedMs:0.###} ms")]
    public static partial void IterationUnstuck(
        ILogger logger, string task, long iteration, double elapsedMs, Exception? exception);

    [LoggerMessage(20, LogLevel.Warning, "'{Task}' is paused: {Reason}")]
    public static partial void Paused(ILogger logger, string task, string? reason);

    [LoggerMessage(21, LogLevel.Information, "'{Task}' is resumed: {Reason}")]
    public static partial void Resumed(ILogger logger, string task, string? reason);

    [LoggerMessage(22, LogLevel.Information, "New options of '{Task}' are in force")]
    public static partial void Changed(ILogger logger, string task);

    [LoggerMessage(23, LogLevel.Error, "New options of '{Task}' were rejected, the old ones stay in force: {Problems}")]
    public static partial void ChangeRejected(ILogger logger, string task, string? problems);

    [LoggerMessage(
        30, LogLevel.Error, "Observer {Observer} threw on {Event} of '{Task}', {Failures} time(s) in all; the loop goes on")]
    public static partial void ObserverFailed(
        ILogger logger, Type observer, LoopEventKind @event, string task, long failures, Exception exception);

    [LoggerMessage(
        40,
        LogLevel.Error,
        "'{Task}' did not stop within the host's shutdown limit: "
            + "iteration {Iteration} has been running for {Elapsed} in {Activity}{Why}")]
    public static partial void DidNotStop(
        ILogger logger, string task, long iteration, TimeSpan elapsed, string? activity, string why);

    [LoggerMessage(43, LogLevel.Error, "'{Task}' did not stop within the host's shutdown limit: {Callee} does not return")]
    public static partial void DidNotReturn(ILogger logger, string task, string callee);

    [LoggerMessage(
        42,
        LogLevel.Error,
        "'{Task}' did not stop within the host's shutdown limit: "
            + "iteration {Iteration} has been running for {Elapsed} in {Activity} and is cancelled only now "
            + "(DrainFor: {DrainFor})")]
    public static partial void DidNotDrain(
        ILogger logger, string task, long iteration, TimeSpan elapsed, string? activity, TimeSpan drainFor);

    [LoggerMessage(60, LogLevel.Information, "A shard of '{Task}' is open on this host. {Text}")]
    public static partial void ShardOpened(ILogger logger, string task, string? text);

    [LoggerMessage(61, LogLevel.Information, "A shard of '{Task}' is closed on this host. {Text}")]
    public static partial void ShardClosed(ILogger logger, string task, string? text);

    [LoggerMessage(62, LogLevel.Warning, "A shard of '{Task}' is lost to this host. {Text}")]
    public static partial void ShardLost(ILogger logger, string task, string? text);

    [LoggerMessage(41, LogLevel.Warning, "Recurring task '{Task}': {Warning}")]
    public static partial void Warning(ILogger logger, string task, string warning);

    [LoggerMessage(44, LogLevel.Information, "The time zone of '{Task}' is that of this machine: {Zone}")]
    public static partial void LocalZone(ILogger logger, string task, string zone);
}
