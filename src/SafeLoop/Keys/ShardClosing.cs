namespace SafeLoop;

/// <summary>Collects the states of the loops of a shard while they end, for the next owner.</summary>
/// <remarks>Thread-safe. The text of a key is read under no lock.</remarks>
internal sealed class ShardClosing(KeyGroup group)
{
    private readonly Lock _gate = new();
    private readonly HashSet<LoopId> _expected = [];
    private readonly List<LoopMemory> _loops = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isScanned;
    private volatile bool _isLost;

    /// <summary>Completes when all loops have ended.</summary>
    public Task Completion => _completion.Task;

    /// <summary>True when the loops no longer drain, because the lease has ended or nothing waits for them.</summary>
    public bool IsLost => _isLost;

    /// <summary>The loops that have not ended yet.</summary>
    public IReadOnlyList<LoopId> Expected
    {
        get
        {
            lock (_gate)
                return [.. _expected];
        }
    }

    /// <summary>Prevents loops that are stopped from now on from draining.</summary>
    public void MarkLost() => _isLost = true;

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

    /// <summary>Takes the states. Loops whose iterations still run are taken as they are at this moment.</summary>
    /// <param name="loops">The states.</param>
    /// <param name="running">How many of them still run.</param>
    /// <returns>False when not all loops of the shard were found yet.</returns>
    public bool TryTake(out IReadOnlyList<LoopMemory> loops, out int running)
    {
        LoopId[] left;
        bool isComplete;
        lock (_gate)
        {
            (left, isComplete) = ([.. _expected], _isScanned);
            _expected.Clear();
        }
        running = left.Length;
        var late = left.Select(loop => KeyMemory.Create(group, loop)).OfType<LoopMemory>().ToList();
        lock (_gate)
            loops = [.. _loops, .. late];
        return isComplete;
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
