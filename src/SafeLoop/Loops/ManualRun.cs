namespace SafeLoop;

/// <summary>A run by hand, with the task that its caller awaits.</summary>
/// <param name="ended">
/// Called with the result, on the thread that sets it, so that a loop has not parked before its result is known; null: not
/// called.
/// </param>
internal sealed class ManualRun(Action<IterationRecord>? ended = null)
    : TaskCompletionSource<IterationRecord>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly Lock _gate = new();
    private Action? _cancel;
    private bool _hasStarted;

    public bool IsCancelled { get; private set; }

    /// <summary>Called when its caller cancels. A queued run does not start, and a running one is cancelled.</summary>
    /// <param name="result">
    /// The result of a run that has not started, so that the caller does not wait for a blocked loop.
    /// </param>
    public void Cancel(in IterationRecord result)
    {
        lock (_gate)
        {
            IsCancelled = true;
            _cancel?.Invoke();
            if (_hasStarted || !TrySetResult(result))
                return;
        }
        ended?.Invoke(result);
    }

    /// <summary>Marks the run as started.</summary>
    /// <param name="cancel">Cancels its iteration.</param>
    public void OnStarted(Action cancel)
    {
        lock (_gate)
        {
            (_cancel, _hasStarted) = (cancel, true);
            if (IsCancelled)
                cancel();
        }
    }

    /// <summary>Sets the result. From then on a cancel has no effect, because the runner may have another iteration.</summary>
    public void Complete(in IterationRecord record)
    {
        lock (_gate)
            _cancel = null;
        if (TrySetResult(record))
            ended?.Invoke(record);
    }
}
