namespace SafeLoop;

/// <summary>Collects what the loops of a shard take along while they end.</summary>
/// <remarks>Thread-safe. The text of a key is read under no lock.</remarks>
internal sealed class ShardClosing(KeyGroup group)
{
    private readonly Lock _gate = new();
    private readonly HashSet<LoopId> _expected = [];
    private readonly List<LoopMemory> _loops = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isScanned;

    /// <summary>Completes when all loops have ended.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The loops that have not ended yet.</summary>
    public IReadOnlyList<LoopId> Expected
    {
        get
        {
            lock (_gate)
                return [.. _expected];
        }
    }

    /// <summary>Expects the end of a loop. Called before it is stopped.</summary>
    public void Expect(LoopId loop)
    {
        lock (_gate)
            _expected.Add(loop);
    }

    /// <summary>Called when a loop was removed by someone else, so that it does not move.</summary>
    public void Forget(LoopId loop)
    {
        lock (_gate)
            _expected.Remove(loop);
    }

    /// <summary>Called when all loops of the shard are expected or have ended.</summary>
    public void EndScan()
    {
        lock (_gate)
            _isScanned = true;
        CompleteIfDone();
    }

    /// <summary>Called when a loop has ended, while its row is still there.</summary>
    public void OnEnded(LoopId loop)
    {
        if (!IsExpected(loop))
            return;
        var memory = KeyMemory.Create(group, loop);
        lock (_gate)
        {
            if (_expected.Remove(loop) && memory is not null)
                _loops.Add(memory);
        }
        CompleteIfDone();
    }

    /// <summary>Takes what was collected. Loops whose iterations still run are taken as they are at this moment.</summary>
    /// <param name="running">How many of them still run.</param>
    public IReadOnlyList<LoopMemory> Take(out int running)
    {
        LoopId[] left;
        lock (_gate)
        {
            left = [.. _expected];
            _expected.Clear();
        }
        running = left.Length;
        var late = left.Select(loop => KeyMemory.Create(group, loop)).OfType<LoopMemory>().ToList();
        lock (_gate)
            return [.. _loops, .. late];
    }

    private bool IsExpected(LoopId loop)
    {
        lock (_gate)
            return _expected.Contains(loop);
    }

    private void CompleteIfDone()
    {
        lock (_gate)
        {
            if (!_isScanned || _expected.Count > 0)
                return;
        }
        _completion.TrySetResult();
    }
}
