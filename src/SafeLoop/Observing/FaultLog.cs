using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>
/// Writes the log lines of faults. Each kind has an event id and a name of its own, so that an alert can select it.
/// </summary>
internal static class FaultLog
{
    public const string Message = "'{Task}': {Text}";

    private const int FirstId = 100;

    private static readonly Action<ILogger, string, string?, Exception?>[] Writers =
        [.. Enum.GetValues<FaultKind>().Select(Define)];

    /// <summary>The event id of a kind. It never changes.</summary>
    public static EventId IdOf(FaultKind kind) => new(FirstId + (int)kind, kind.ToString());

    public static void Write(ILogger logger, FaultKind kind, string task, string? text, Exception? error) =>
        Writers[(int)kind](logger, task, text, error);

    private static Action<ILogger, string, string?, Exception?> Define(FaultKind kind) =>
        LoggerMessage.Define<string, string?>(LogLevel.Warning, IdOf(kind), Message);
}
