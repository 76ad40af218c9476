using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests;

/// <summary>Keeps every log line.</summary>
internal sealed class RecordingLoggerProvider : ILoggerProvider, ILogger
{
    private readonly List<LogLine> _lines = [];

    /// <summary>Raised within the call that writes a line.</summary>
    public event Action<LogLine>? Written;

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var all = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var line = new LogLine(logLevel, eventId.Id, formatter(state, exception), exception)
        {
            Name = eventId.Name,
            Fields = [.. all.Where(field => field.Key != "{OriginalFormat}")],
            Template = all.FirstOrDefault(field => field.Key == "{OriginalFormat}").Value as string,
        };
        lock (_lines)
            _lines.Add(line);
        Written?.Invoke(line);
    }

    public void Dispose()
    {
    }
}
