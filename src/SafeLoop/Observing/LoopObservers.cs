using System.Numerics;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Publishes events to every observer. An exception from an observer never affects the loop.</summary>
internal sealed class LoopObservers
{
    private readonly Func<IEnumerable<IRecurringTaskObserver>> _find;
    private readonly ILogger _logger;
    private readonly LogScopes _scopes;
    private volatile IRecurringTaskObserver[]? _observers;
    private volatile bool _hasOthers;
    private long _failures;

    /// <param name="find">Creates the observers.</param>
    /// <param name="logger">The log of SafeLoop.</param>
    /// <param name="scopes">Opens the scopes of iterations.</param>
    public LoopObservers(Func<IEnumerable<IRecurringTaskObserver>> find, ILogger logger, LogScopes scopes)
    {
        (_find, _logger, _scopes) = (find, logger, scopes);
        Blocked = new BlockedCalls(this);
    }

    /// <summary>The calls into user code that threads of this host are executing.</summary>
    public UserCalls Calls { get; } = new();

    /// <summary>The calls that do not return.</summary>
    public BlockedCalls Blocked { get; }

    /// <summary>Creates the observers. The host calls it before any loop starts.</summary>
    public IRecurringTaskObserver[] Find()
    {
        using var call = Calls.Enter("the constructors of observers", "SafeLoop");
        // Log and metrics come first, so that they get the event before another observer can block.
        IRecurringTaskObserver[] observers = [.. _find().OrderBy(IsOthers)];
        _hasOthers = observers.Any(IsOthers);
        return _observers = observers;
    }

    /// <summary>True when an observer or a log may still read events or scopes after the iteration.</summary>
    public bool CanKeepEvents => _hasOthers || _scopes.AreUsed;

    private static bool IsOthers(IRecurringTaskObserver observer) => observer is not IOwnObserver;

    public void Publish(in LoopEvent loopEvent) => Publish(loopEvent, _observers ?? Find());

    /// <summary>Publishes to the log, the metrics and the store only.</summary>
    public void PublishToOwn(IEnumerable<LoopEvent> events) => Publish(events, isOthers: false);

    /// <summary>Publishes to all observers but those.</summary>
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
            catch (Exception error) // an observer is user code and must not break the loop that it observes
            {
                Report(observer, loopEvent, error);
            }
        }
        if (context is not null)
            // Discards the AsyncLocal values that an observer set, so that the step does not see them.
            ExecutionContext.Restore(context);
    }

    /// <summary>
    /// Opens the log scope of an iteration. Log lines of its steps and handlers then carry its task, key, number and slot.
    /// </summary>
    /// <param name="iteration">The iteration, before its first step.</param>
    /// <param name="hasListeners">False when no observer needs the event of the iteration's start.</param>
    /// <returns>Null when no log takes scopes, or the log has failed.</returns>
    public IDisposable? BeginIteration(Iteration iteration, out bool hasListeners)
    {
        using var call = Calls.Enter("the log", iteration.Subject);
        hasListeners = true; // when the log throws here, it still gets the event, where its failure is reported
        try
        {
            hasListeners = _hasOthers || _logger.IsEnabled(LogLevel.Trace);
        }
        catch (Exception) // the log is user code; the iteration must run
        {
            return null;
        }
        return _scopes.Begin(new(iteration.TaskName, iteration.Keyed, iteration.Number, iteration.Slot));
    }

    /// <summary>Closes the log scope of an iteration.</summary>
    public void EndScope(IDisposable? scope, object subject)
    {
        if (scope is null)
            return;
        using var call = Calls.Enter("the log", subject);
        LogScopes.End(scope);
    }

    /// <summary>Publishes a fault: code outside the steps failed, and the loop continues.</summary>
    public void Fault(FaultKind kind, string task, string text, Exception? error, IKeyed? keyed = null) =>
        Publish(new LoopEvent
        {
            Kind = LoopEventKind.Fault,
            FaultKind = kind,
            TaskName = task,
            Keyed = keyed,
            Text = text,
            Exception = error,
        });

    /// <summary>Logs warnings about the options of a task.</summary>
    public void Warn(string task, IEnumerable<string> warnings)
    {
        using var call = Calls.Enter("the log", "SafeLoop");
        try
        {
            foreach (var warning in warnings)
                Log.Warning(_logger, task, Printable.Escape(warning, Printable.LongestText));
        }
        catch (Exception) // the log is broken, but the options are valid and take effect
        {
        }
    }

    /// <summary>Logs that the pings of a task arrive again.</summary>
    public void LogPingsArrive(string task)
    {
        using var call = Calls.Enter("the log", task);
        try
        {
            Log.PingsArrive(_logger, task);
        }
        catch (Exception) // the log is user code; the pings have arrived all the same
        {
        }
    }

    private void Report(IRecurringTaskObserver observer, in LoopEvent loopEvent, Exception error)
    {
        // Logs the 1st, 2nd, 4th, 8th … failure, so that an observer that always throws does not flood the log.
        var failures = Interlocked.Increment(ref _failures);
        if (!BitOperations.IsPow2(failures))
            return;
        try
        {
            var log = KeyedLogger.For(_logger, loopEvent.Keyed);
            Log.ObserverFailed(log, observer.GetType(), loopEvent.Kind, loopEvent.TaskName, failures, error);
        }
        catch (Exception) // the log itself is broken, and there is no other place to report it
        {
        }
    }
}
