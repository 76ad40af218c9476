namespace SafeLoop;

/// <summary>
/// The loops whose steps await the stop of the host. None of them can end before the stop returns, so no stop waits for them.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StopCallers
{
    private readonly Lock _gate = new();
    private readonly List<LoopRunner> _loops = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The loops, and a task that completes when there are others.</summary>
    public (LoopRunner[] Loops, Task Changed) Read()
    {
        lock (_gate)
            return ([.. _loops.Distinct()], _changed.Task);
    }

    /// <param name="loop">The loop; null when no step awaits the stop.</param>
    public void Add(LoopRunner? loop)
    {
        if (loop is not null)
            Change(loops => loops.Add(loop));
    }

    /// <summary>The stop has returned to a step.</summary>
    public void Remove(LoopRunner? loop)
    {
        if (loop is not null)
            Change(loops => loops.Remove(loop));
    }

    private void Change(Action<List<LoopRunner>> change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change(_loops);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
