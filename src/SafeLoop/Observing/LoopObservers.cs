using System.Numerics;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Tells every observer, and survives every observer.</summary>
internal sealed class LoopObservers(Func<IEnumerable<IRecurringTaskObserver>> find, ILogger logger)
{
    private volatile IRecurringTaskObserver[]? _observers;
    private volatile bool _hasOthers;
    private long _failures;

    /// <summary>Looks for them, as the host does before any loop starts.</summary>
    public IRecurringTaskObserver[] Find()
    {
        IRecurringTaskObserver[] observers = [.. find()];
        _hasOthers = observers.Any(observer => observer is not (LogObserver or MetricsObserver));
        return _observers = observers;
    }

    /// <summary>False: nobody would do anything with the start of an iteration, so it need not be told.</summary>
    public bool WantStarts()
    {
        try
        {
            return _hasOthers || logger.IsEnabled(LogLevel.Trace);
        }
        catch (Exception) // a log that cannot even say that is told, and its failure with it
        {
            return true;
        }
    }

    public void Tell(in LoopEvent loopEvent)
    {
        var observers = _observers ?? Find();
        var context = _hasOthers ? ExecutionContext.Capture() : null;
        foreach (var observer in observers)
        {
            try
            {
                observer.On(loopEvent);
            }
            catch (Exception error) // an observer is the user's code and may not break the loop it watches
            {
                Report(observer, loopEvent, error);
            }
        }
        if (context is not null)
            ExecutionContext.Restore(context); // what an observer leaves in AsyncLocals is not the step's
    }

    /// <summary>Tells that something beside the iteration failed and the loop went on.</summary>
    public void Fault(string task, string text, Exception? error, IKeyed? keyed = null) =>
        Tell(new LoopEvent { Kind = LoopEventKind.Fault, Task = task, Keyed = keyed, Text = text, Exception = error });

    /// <summary>Logs what is allowed but most likely not meant.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        try
        {
            foreach (var warning in warnings)
                Log.Doubtful(logger, warning);
        }
        catch (Exception) // the log is broken: what it would have warned of is valid, and takes effect
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
            Log.ObserverFailed(logger, observer.GetType(), loopEvent.Kind, loopEvent.Task, failures, error);
        }
        catch (Exception) // the log itself is broken, and nobody is left to be told
        {
        }
    }
}
