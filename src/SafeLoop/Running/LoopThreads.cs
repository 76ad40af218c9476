using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>
/// Threads of one loop, for iterations that block: one, or as many as run at a time. Each waits for the next iteration.
/// </summary>
/// <remarks>
/// Thread-safe. Threads that have had nothing to do for a while end, and are started again when they are needed.
/// </remarks>
internal sealed class LoopThreads(string task)
{
    // Real time, whatever clock the loops follow: a thread is a resource of the process.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    [ThreadStatic]
    private static LoopThreads? s_current;

    private readonly object _gate = new(); // a Lock cannot be waited on
    private readonly Queue<IThreadPoolWorkItem> _work = new(1);
    private int _idle;
    private bool _closed;

    /// <summary>The caller is on one of them.</summary>
    public bool IsCurrent => s_current == this;

    /// <summary>Runs it on a thread that waits, or on a new one.</summary>
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

    /// <summary>The loop is over. A thread whose step does not return stays, as a background thread.</summary>
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
                ExecutionContext.Restore(clean); // what a step leaves in AsyncLocals is not the next one's
        }
    }

    private bool TryTake([NotNullWhen(true)] out IThreadPoolWorkItem? iteration)
    {
        lock (_gate)
        {
            _idle++;
            while (_work.Count == 0 && !_closed && Monitor.Wait(_gate, IdleLimit))
            {
            }
            _idle--;
            return _work.TryDequeue(out iteration);
        }
    }
}
