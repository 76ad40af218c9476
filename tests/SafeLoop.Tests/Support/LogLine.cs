using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests;

internal sealed record LogLine(LogLevel Level, int Id, string Text, Exception? Exception);
