using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>
/// The threads of one loop for iterations that block: one, or one per parallel iteration. They wait between iterations.
/// </summary>
/// <remarks>
/// Thread-safe. A thread that has been idle for 30 s ends. A new one starts when it is needed.
/// </remarks>
internal sealed class LoopThreads(string task)
{
    // In real time, because a thread is a resource of the process.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    [ThreadStatic]
    private static LoopThreads? s_current;

    private readonly object _gate = new(); // a Lock cannot be waited on
    private readonly Queue<IThreadPoolWorkItem> _work = new(1);
    private int _idle;
    private bool _closed;

    /// <summary>True when the caller runs on one of them.</summary>
    public bool IsCurrent => s_current == this;

    /// <summary>Runs an iteration on an idle thread or on a new one.</summary>
    public void Run(IThreadPoolWorkItem iteration)
    {
        lock (_gate)
        {
            _work.Enqueue(iteration);
            if (_work.Count <= _idle)
            {
                Monitor.Pulse(_gate);
                return;
            }
        }
        new Thread(Work) { IsBackground = true, Name = $"SafeLoop: {task}" }.UnsafeStart();
    }

    /// <summary>Ends the idle threads. A thread whose step does not return remains as a background thread.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        s_current = this;
        var clean = ExecutionContext.Capture();
        while (TryTake(out var iteration))
        {
            iteration.Execute();
            if (clean is not null)
                ExecutionContext.Restore(clean); // AsyncLocals of a step must not reach the next one
        }
    }

    // A step may leave an interrupt of its thread pending. It ends the next wait, and must not end the process.
    private bool Wait()
    {
        try
        {
            return Monitor.Wait(_gate, IdleLimit);
        }
        catch (ThreadInterruptedException)
        {
            return true;
        }
    }

    private bool TryTake([NotNullWhen(true)] out IThreadPoolWorkItem? iteration)
    {
        lock (_gate)
        {
            _idle++;
            while (_work.Count == 0 && !_closed && Wait())
            {
            }
            _idle--;
            return _work.TryDequeue(out iteration);
        }
    }
}
