using System.Numerics;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Tells every observer, and survives every observer.</summary>
internal sealed class LoopObservers
{
    private readonly Func<IEnumerable<IRecurringTaskObserver>> _find;
    private readonly ILogger _logger;
    private readonly ILogger _scopes;
    private volatile IRecurringTaskObserver[]? _observers;
    private volatile bool _hasOthers;
    private long _failures;

    /// <param name="find">Creates the observers.</param>
    /// <param name="logger">The log of SafeLoop.</param>
    /// <param name="scopes">Opens the scopes of iterations, while it is enabled.</param>
    public LoopObservers(Func<IEnumerable<IRecurringTaskObserver>> find, ILogger logger, ILogger scopes)
    {
        (_find, _logger, _scopes) = (find, logger, scopes);
        Blocked = new BlockedCalls(this);
    }

    /// <summary>The calls into user code that threads of this host are in.</summary>
    public UserCalls Calls { get; } = new();

    /// <summary>The calls that do not return.</summary>
    public BlockedCalls Blocked { get; }

    /// <summary>Looks for them, as the host does before any loop starts.</summary>
    public IRecurringTaskObserver[] Find()
    {
        using var call = Calls.Enter("the constructors of observers", "SafeLoop");
        // Log and metrics come first, so that they get the event before another observer can block.
        IRecurringTaskObserver[] observers = [.. _find().OrderBy(IsOthers)];
        _hasOthers = observers.Any(IsOthers);
        return _observers = observers;
    }

    private static bool IsOthers(IRecurringTaskObserver observer) => observer is not (LogObserver or MetricsObserver);

    public void Tell(in LoopEvent loopEvent) => Publish(loopEvent, _observers ?? Find());

    /// <summary>Publishes to the log and the metrics only.</summary>
    public void PublishToOwn(IEnumerable<LoopEvent> events) => Publish(events, isOthers: false);

    /// <summary>Publishes to all observers but the log and the metrics.</summary>
    public void PublishToOthers(IEnumerable<LoopEvent> events) => Publish(events, isOthers: true);

    private void Publish(IEnumerable<LoopEvent> events, bool isOthers)
    {
        IRecurringTaskObserver[] observers = [.. (_observers ?? Find()).Where(observer => IsOthers(observer) == isOthers)];
        foreach (var loopEvent in events)
            Publish(loopEvent, observers);
    }

    private void Publish(in LoopEvent loopEvent, IRecurringTaskObserver[] observers)
    {
        using var call = Calls.Enter(observers, (object?)loopEvent.Keyed ?? loopEvent.TaskName);
        var context = _hasOthers ? ExecutionContext.Capture() : null;
        foreach (var observer in observers)
        {
            call.SwitchTo(observer);
            try
            {
                observer.OnEvent(loopEvent);
            }
            catch (Exception error) // an observer is the user's code and may not break the loop it watches
            {
                Report(observer, loopEvent, error);
            }
        }
        if (context is not null)
            ExecutionContext.Restore(context); // what an observer leaves in AsyncLocals is not the step's
    }

    /// <summary>Opens the log scope of an iteration: lines of its steps and handlers carry its task, key and number.</summary>
    /// <param name="iteration">The iteration, before its first step.</param>
    /// <param name="hasListeners">False when no observer uses the event of its start, so that none is needed.</param>
    /// <returns>Null when no log takes scopes, or the log has failed.</returns>
    public IDisposable? BeginIteration(Iteration iteration, out bool hasListeners)
    {
        hasListeners = true; // a log that cannot even answer gets the event, and its failure is reported there
        try
        {
            using var call = Calls.Enter("the log", iteration.Subject);
            hasListeners = _hasOthers || _logger.IsEnabled(LogLevel.Trace);
            return _scopes.IsEnabled(LogLevel.Critical)
                ? _scopes.BeginScope(new IterationScope(iteration.TaskName, iteration.Keyed, iteration.Number))
                : null;
        }
        catch (Exception) // as above; the iteration must run
        {
            return null;
        }
    }

    /// <summary>Closes the log scope of an iteration.</summary>
    public void EndScope(IDisposable? scope, object subject)
    {
        if (scope is null)
            return;
        using var call = Calls.Enter("the log", subject);
        try
        {
            scope.Dispose();
        }
        catch (Exception) // as above; the scope also ends with the iteration's context
        {
        }
    }

    /// <summary>Tells that something beside the iteration failed and the loop went on.</summary>
    public void Fault(string task, string text, Exception? error, IKeyed? keyed = null) =>
        Tell(new LoopEvent { Kind = LoopEventKind.Fault, TaskName = task, Keyed = keyed, Text = text, Exception = error });

    /// <summary>Logs warnings about options.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        using var call = Calls.Enter("the log", "SafeLoop");
        try
        {
            foreach (var warning in warnings)
                Log.Doubtful(_logger, Printable.Escape(warning, Printable.LongestText));
        }
        catch (Exception) // the log is broken, but the options are valid and take effect
        {
        }
    }

    private void Report(IRecurringTaskObserver observer, in LoopEvent loopEvent, Exception error)
    {
        // The 1st, 2nd, 4th, 8th … time: one that always throws must not flood the log.
        var failures = Interlocked.Increment(ref _failures);
        if (!BitOperations.IsPow2(failures))
            return;
        try
        {
            Log.ObserverFailed(_logger, observer.GetType(), loopEvent.Kind, loopEvent.TaskName, failures, error);
        }
        catch (Exception) // the log itself is broken, and nobody is left to be told
        {
        }
    }
}
