namespace SafeLoop.Tests;

/// <summary>
/// The thread pool of a virtual host: one queue, run by the caller that advances time, so that "idle" is a fact and not a guess.
/// </summary>
/// <remarks>
/// Steps that await virtual time or a signal of the test go on within it; what goes to the real
/// thread pool (Task.Run, Task.Yield) does not.
/// </remarks>
internal sealed class VirtualThread
{
    private readonly Queue<IThreadPoolWorkItem> _work = new();

    public void Dispatch(IThreadPoolWorkItem item)
    {
        lock (_work)
            _work.Enqueue(item);
    }

    /// <summary>Runs until nothing is left to run.</summary>
    public void RunUntilIdle()
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // the test runner's would take continuations elsewhere
        try
        {
            while (TryTake(out var item))
                item.Execute();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private bool TryTake(out IThreadPoolWorkItem item)
    {
        lock (_work)
            return _work.TryDequeue(out item!);
    }
}
