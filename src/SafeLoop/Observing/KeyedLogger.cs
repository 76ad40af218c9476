using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Adds the key of a loop to its log lines: as field <c>Key</c>, and in the text, behind the name of the task.</summary>
/// <remarks>
/// So one message serves ordinary and keyed tasks. The text of the key is read only for a line that is written.
/// </remarks>
internal sealed class KeyedLogger(ILogger logger, IKeyed keyed) : ILogger
{
    /// <summary>Returns the logger itself for an ordinary task, whose lines have no field <c>Key</c>.</summary>
    public static ILogger For(ILogger logger, IKeyed? keyed) => keyed is null ? logger : new KeyedLogger(logger, keyed);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    /// <param name="logLevel">The level.</param>
    /// <param name="eventId">The id.</param>
    /// <param name="state">The fields of one of our messages.</param>
    /// <param name="exception">The exception; null when there is none.</param>
    /// <param name="formatter">Formats the text without the key.</param>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var fields = (IReadOnlyList<KeyValuePair<string, object?>>)state!;
        var line = new KeyedLine(fields, LoopName.FormatKey(keyed.Key), keyed.TaskName, formatter(state, exception));
        logger.Log(logLevel, eventId, line, exception, static (line, _) => line.ToString());
    }
}
