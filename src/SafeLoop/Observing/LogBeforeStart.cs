using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>
/// The log messages of <see cref="Log"/>, with the same event ids, for runs without an iteration number: they ended or got
/// stuck before they started (in a While check, while they waited for the lock, or in the queue).
/// </summary>
internal static partial class LogBeforeStart
{
    [LoggerMessage(
        12,
        LogLevel.Warning,
        "A run of '{Task}' failed before it started, after {ElapsedMs:0.###} ms; {Consequence}")]
    public static partial void IterationFailed(
        ILogger logger, string task, double elapsedMs, string consequence, Exception? exception);

    [LoggerMessage(
        13,
        LogLevel.Error,
        "A run of '{Task}' failed before it started, after {ElapsedMs:0.###} ms, "
            + "{Failures} failures in a row; {Consequence}")]
    public static partial void IterationFailedAgain(
        ILogger logger, string task, double elapsedMs, int failures, string consequence, Exception? exception);

    [LoggerMessage(
        EventId = 14,
        Message = "A run of '{Task}' exceeded its time limit before it started, after {ElapsedMs:0.###} ms, "
            + "{Failures} failure(s) in a row; {Consequence}")]
    public static partial void IterationTimedOut(
        ILogger logger,
        LogLevel level,
        string task,
        double elapsedMs,
        int failures,
        string consequence,
        Exception? exception);

    [LoggerMessage(EventId = 15, Message = "A run of '{Task}' was interrupted before it started: {Reason}")]
    public static partial void IterationInterrupted(
        ILogger logger, LogLevel level, string task, OutcomeReason reason, Exception? exception);

    [LoggerMessage(
        18,
        LogLevel.Error,
        "A run of '{Task}' is stuck before it started: cancelled, but still in {Activity} after {ElapsedMs:0.###} ms, "
            + "which ignores its cancellation token; no other iteration starts until it ends")]
    public static partial void IterationStuck(ILogger logger, string task, string? activity, double elapsedMs);

    [LoggerMessage(
        19, LogLevel.Warning, "A run of '{Task}', which was stuck before it started, ended after {ElapsedMs:0.###} ms")]
    public static partial void IterationUnstuck(ILogger logger, string task, double elapsedMs, Exception? exception);

    [LoggerMessage(
        40,
        LogLevel.Error,
        "'{Task}' did not stop within the host's shutdown limit: "
            + "a run that has not started has been waiting for {Elapsed} in {Activity}{Why}")]
    public static partial void DidNotStop(ILogger logger, string task, TimeSpan elapsed, string? activity, string why);
}
