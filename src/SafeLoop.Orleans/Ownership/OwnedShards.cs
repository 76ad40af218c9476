namespace SafeLoop;

/// <summary>The shards that this host owns by the store.</summary>
/// <remarks>Thread-safe. No code is called under its lock.</remarks>
internal sealed class OwnedShards
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ShardId, OwnedShard> _shards = [];
    private TaskCompletionSource _emptied = new();
    private int _takes;

    /// <summary>The shards whose loops run here.</summary>
    public IReadOnlyList<OwnedShard> Open
    {
        get
        {
            lock (_gate)
                return [.. _shards.Values.Where(static shard => shard.IsOpen)];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _shards.Count;
        }
    }

    public bool Contains(ShardId id)
    {
        lock (_gate)
            return _shards.ContainsKey(id);
    }

    public void Add(OwnedShard shard)
    {
        lock (_gate)
            _shards[shard.Id] = shard;
    }

    public void MarkOpen(OwnedShard shard)
    {
        lock (_gate)
            shard.IsOpen = true;
    }

    public void MarkClosed(OwnedShard shard)
    {
        lock (_gate)
            shard.IsOpen = false;
    }

    public void Remove(OwnedShard shard)
    {
        lock (_gate)
        {
            if (_shards.GetValueOrDefault(shard.Id) == shard)
                _shards.Remove(shard.Id);
        }
        CompleteIfEmpty();
    }

    /// <summary>Forgets all shards, because their lease is lost.</summary>
    public void Clear()
    {
        lock (_gate)
            _shards.Clear();
        CompleteIfEmpty();
    }

    /// <summary>Called before it is decided what to take, so that a host that leaves waits for what it may still get.</summary>
    public void OnTaking()
    {
        lock (_gate)
            _takes++;
    }

    /// <summary>Called when what was taken is among the shards.</summary>
    public void OnTaken()
    {
        lock (_gate)
            _takes--;
        CompleteIfEmpty();
    }

    /// <summary>Waits until this host owns no shard and takes none.</summary>
    public Task WaitUntilEmptyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsEmpty)
                return Task.CompletedTask;
            if (_emptied.Task.IsCompleted)
                _emptied = new();
            return _emptied.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Records how far the open shards have come. A shard that is closing keeps its last progress.</summary>
    public void Record(IReadOnlyList<ShardProgress> progress)
    {
        lock (_gate)
        {
            foreach (var seen in progress)
            {
                if (_shards.GetValueOrDefault(new(seen.TaskName, seen.Shard.Index)) is not { IsOpen: true } shard
                    || shard.Epoch != seen.Epoch)
                {
                    continue;
                }
                shard.Exceptions = seen.Exceptions;
                if (seen.Watermark is { } watermark)
                    (shard.Watermark, shard.HasProgress) = (watermark, true);
            }
        }
    }

    /// <summary>Reads what is stored with the renewal of a lease.</summary>
    public IReadOnlyList<StoredProgress> ReadProgress(HostLease lease)
    {
        lock (_gate)
        {
            return
            [
                .. _shards.Values.Where(shard => shard.HasProgress && shard.Lease == lease)
                    .Select(static shard => new StoredProgress(shard.Id, shard.Epoch, shard.Watermark!.Value)),
            ];
        }
    }

    private bool IsEmpty => _shards.Count == 0 && _takes == 0;

    private void CompleteIfEmpty()
    {
        TaskCompletionSource emptied;
        lock (_gate)
        {
            if (!IsEmpty)
                return;
            emptied = _emptied;
        }
        emptied.TrySetResult(); // outside of the lock, because what waits goes on within this call
    }
}
