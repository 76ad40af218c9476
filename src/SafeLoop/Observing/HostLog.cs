using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>The log messages that are not about one task, and so have no field <c>Task</c>.</summary>
internal static partial class HostLog
{
    [LoggerMessage(41, LogLevel.Warning, "{Warning}")]
    public static partial void Warning(ILogger logger, string warning);

    [LoggerMessage(45, LogLevel.Information, "{Text}")]
    public static partial void Disabled(ILogger logger, string text);

    [LoggerMessage(50, LogLevel.Warning, "{Alert}")]
    public static partial void MemoryRising(ILogger logger, string? alert);
}
