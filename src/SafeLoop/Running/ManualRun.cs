namespace SafeLoop;

/// <summary>A run by hand, with the task that its caller awaits.</summary>
internal sealed class ManualRun() : TaskCompletionSource<IterationRecord>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly Lock _gate = new();
    private Action? _cancel;
    private bool _hasStarted;

    public bool IsCancelled { get; private set; }

    /// <summary>The asker gave up: a run that waits will not start, one that runs is cancelled.</summary>
    /// <param name="answer">
    /// The result of a run that has not started, so that the caller does not wait for a blocked loop.
    /// </param>
    public void Cancel(in IterationRecord answer)
    {
        lock (_gate)
        {
            IsCancelled = true;
            _cancel?.Invoke();
            if (!_hasStarted)
                TrySetResult(answer);
        }
    }

    /// <summary>It runs, and can be cancelled so.</summary>
    public void Started(Action cancel)
    {
        lock (_gate)
        {
            (_cancel, _hasStarted) = (cancel, true);
            if (IsCancelled)
                cancel();
        }
    }

    /// <summary>The runner goes on to other iterations, which are not this one's to cancel.</summary>
    public void Complete(in IterationRecord record)
    {
        lock (_gate)
            _cancel = null;
        TrySetResult(record);
    }
}
