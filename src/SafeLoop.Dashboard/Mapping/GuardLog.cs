using Microsoft.Extensions.Logging;

namespace SafeLoop.Dashboard;

/// <summary>The log of the start-up guard.</summary>
internal static partial class GuardLog
{
    [LoggerMessage(EventId = 140, Level = LogLevel.Critical, Message = "The host stops: {Problem}")]
    public static partial void Stopping(ILogger logger, string problem);
}
