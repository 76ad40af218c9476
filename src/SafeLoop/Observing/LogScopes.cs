using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>
/// Opens the log scopes of iterations. It costs nothing while no log uses scopes, and a log that throws opens none.
/// </summary>
/// <param name="logger">Opens the scopes, while it is enabled.</param>
internal sealed class LogScopes(ILogger logger)
{
    private volatile bool _areUsed;

    /// <summary>True when a log may still read a scope after its iteration.</summary>
    public bool AreUsed => _areUsed;

    public IDisposable? Begin(in IterationScope scope)
    {
        try
        {
            if (!logger.IsEnabled(LogLevel.Critical))
                return null;
            if (!_areUsed)
                _areUsed = true;
            return logger.BeginScope(scope);
        }
        catch (Exception) // the log is user code; the iteration must run, and its lines must be written
        {
            return null;
        }
    }

    public static void End(IDisposable? scope)
    {
        try
        {
            scope?.Dispose();
        }
        catch (Exception) // the log is user code; the scope also ends with the context in which it was opened
        {
        }
    }
}
