namespace SafeLoop;

/// <summary>
/// The loops whose steps await the stop of the host. None of them can end before the stop returns, so the stop must not wait
/// for them.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StopCallers
{
    private readonly Lock _gate = new();
    private readonly List<LoopRunner> _loops = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The loops, and a task that completes when the loops change.</summary>
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

    /// <summary>Removes a loop when the stop has returned to its step.</summary>
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
