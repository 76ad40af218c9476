namespace SafeLoop.Tests.Memory;

/// <summary>
/// A step that looks at the heap when it has run so often, and again when it has run so often more; then it ends its loop.
/// </summary>
internal sealed class CountingStep(long warmUp, long iterations)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _runs;
    private long _allocatedBefore;
    private long _aliveBefore;

    public long Allocated { get; private set; }

    public long Grown { get; private set; }

    public Task Done => _done.Task.WaitAsync(ThreadedLoopHost.Patience);

    public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken)
    {
        _runs++;
        if (_runs == warmUp)
            Begin();
        else if (_runs == warmUp + iterations)
            End(iteration);
        return ValueTask.CompletedTask;
    }

    private void Begin()
    {
        _aliveBefore = Bytes.Alive();
        _allocatedBefore = Bytes.Allocated();
    }

    private void End(Iteration iteration)
    {
        Allocated = Bytes.Allocated() - _allocatedBefore;
        Grown = Bytes.Alive() - _aliveBefore;
        iteration.StopLoop();
        _done.SetResult();
    }
}
