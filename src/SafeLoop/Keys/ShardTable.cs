namespace SafeLoop;

/// <summary>Which shards of a keyed task are open on this host, and which are closing.</summary>
/// <remarks>Thread-safe. No user code is called under the lock.</remarks>
internal sealed class ShardTable(KeyGroup group)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, OpenShard> _shards = []; // by index; closed ones until they are empty
    private readonly Dictionary<ShardOwnership, ShardClosing> _closing = [];
    private int _count; // of the shards of the task; zero: none was opened yet

    /// <summary>The number of shards into which the task is divided; zero: none was opened yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The shards that are open at this moment.</summary>
    public OpenShard[] Snapshot()
    {
        lock (_gate)
            return [.. _shards.Values.Where(static shard => shard.IsOpen)];
    }

    /// <summary>The shards that are open or are being opened.</summary>
    public OpenShard[] SnapshotEntered()
    {
        lock (_gate)
            return [.. _shards.Values.Where(static shard => !shard.Ownership.IsClosed)];
    }

    /// <summary>Finds an open shard.</summary>
    /// <returns>Null when it is not open on this host.</returns>
    public OpenShard? Find(KeyShard shard) => FindEntered(shard) is { IsOpen: true } open ? open : null;

    /// <summary>Finds a shard that is open or is being opened.</summary>
    public OpenShard? FindEntered(KeyShard shard)
    {
        lock (_gate)
        {
            return _shards.GetValueOrDefault(shard.Index) is { Ownership.IsClosed: false } open && open.Ownership.Shard == shard
                ? open
                : null;
        }
    }

    /// <summary>Enters a shard that is being opened, unless one of this index is still being emptied.</summary>
    /// <returns>The shard that must be emptied first, closed or not; null: the new one is entered.</returns>
    /// <exception cref="InvalidOperationException">It is open, its lease has ended, or the host stops.</exception>
    /// <exception cref="ArgumentException">Open shards are parts of another division of the task.</exception>
    public OpenShard? Enter(OpenShard open)
    {
        var shard = open.Ownership.Shard;
        lock (_gate)
        {
            open.ThrowIfLost(group); // under the lock: a stop of the host closes what was entered before
            if (_shards.TryGetValue(shard.Index, out var before))
            {
                return !before.Ownership.CanStart ? before
                    : throw open.CannotOpen(group, $"it is open with epoch {before.Ownership.Epoch}.");
            }
            if (_shards.Count > 0 && _count != shard.Count)
            {
                throw new ArgumentException(
                    $"Shard {shard} of recurring task '{group.Name}' cannot be opened: the task is divided into {_count} shards, "
                    + "some of which are open. Close them first.");
            }
            _count = shard.Count;
            _shards.Add(shard.Index, open);
            return null;
        }
    }

    /// <summary>Closes a shard: no iteration of its loops starts any more, and no loop is added.</summary>
    /// <param name="open">The shard.</param>
    /// <param name="closing">Collects the state of its loops; null: it is lost.</param>
    /// <returns>False when it was closed before.</returns>
    public bool TryClose(OpenShard open, ShardClosing? closing)
    {
        lock (_gate)
        {
            if (open.Ownership.IsClosed)
                return false;
            if (closing is not null)
                _closing.Add(open.Ownership, closing);
            group.Rows.Close(open.Ownership);
            return true;
        }
    }

    /// <summary>Removes a closed shard, whose keys are no longer among those of this host.</summary>
    public void Remove(OpenShard shard)
    {
        lock (_gate)
            _shards.Remove(shard.Ownership.Shard.Index);
    }

    /// <summary>Finds what collects the loops of a shard that is closing; null: it is open, or was lost.</summary>
    public ShardClosing? FindClosing(ShardOwnership shard)
    {
        lock (_gate)
            return _closing.GetValueOrDefault(shard);
    }

    /// <summary>Called when the loops of a closing shard are no longer collected.</summary>
    public void EndClosing(ShardOwnership shard)
    {
        lock (_gate)
            _closing.Remove(shard);
    }
}
