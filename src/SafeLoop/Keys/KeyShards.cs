using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>The shards of a keyed task on this host.</summary>
/// <remarks>
/// Thread-safe. A shard that is being emptied is opened again only afterwards. Code of keys is called under no lock.
/// </remarks>
internal sealed class KeyShards
{
    private readonly KeyGroup _group;
    private readonly IMovingLoops _loops;
    private readonly ShardTable _table;
    private readonly ShardCloser _closer;
    private readonly ShardOpener _opener;
    private int _isReadRequested;

    /// <param name="group">What all loops of the task share.</param>
    /// <param name="loops">The loops.</param>
    public KeyShards(KeyGroup group, IMovingLoops loops)
    {
        (_group, _loops, _table) = (group, loops, new(group));
        _closer = new(group, loops, _table);
        _opener = new(group, loops, _table, _closer);
    }

    /// <summary>True when there is an open shard whose keys have not been read since it was opened.</summary>
    public bool HasUnread => Array.Exists(Snapshot(), static shard => !shard.Arrivals.IsRead);

    /// <summary>Requests that a run of the reader of keys reads only shards that have not been read.</summary>
    public void RequestRead() => Volatile.Write(ref _isReadRequested, 1);

    /// <returns>True when it was requested since the last call.</returns>
    public bool TryTakeReadRequest() => Interlocked.Exchange(ref _isReadRequested, 0) != 0;

    /// <summary>The shards that are open at this moment.</summary>
    public OpenShard[] Snapshot() => _table.Snapshot();

    /// <summary>Finds the open shard of a key. Calls <c>ToString</c> of the key, and throws what it throws.</summary>
    /// <returns>Null when it is not open on this host.</returns>
    public OpenShard? Find<TKey>(TKey key)
        where TKey : notnull => _table.Count is > 0 and var count ? _table.Find(KeyShard.FromKey(key, count)) : null;

    /// <summary>Like <see cref="Find"/>, for a key that the source has yielded. A key that throws is in no shard.</summary>
    public bool TryFind<TKey>(TKey key, [NotNullWhen(true)] out OpenShard? shard)
        where TKey : notnull
    {
        shard = _table.Count is > 0 and var count && TryGetShard(key, count, out var own) ? _table.Find(own) : null;
        return shard is not null;
    }

    /// <summary>Computes the shard of a key that the source has yielded.</summary>
    /// <returns>False when its text threw, which is reported.</returns>
    public bool TryGetShard<TKey>(TKey key, int count, out KeyShard shard)
        where TKey : notnull
    {
        try
        {
            shard = KeyShard.FromKey(key, count);
            return true;
        }
        catch (Exception error) // ToString of a key is user code, and the other keys of the source must go on
        {
            _group.Environment.Observers.Fault(
                FaultKind.KeyTextThrew,
                _group.Name,
                "The text of a key threw, so its shard is unknown and it does not run.",
                error);
            shard = default;
            return false;
        }
    }

    /// <inheritdoc cref="IRecurringTaskShards.OpenAsync"/>
    public Task<OpenShard> OpenAsync(ShardOpening opening, CancellationToken cancellationToken) =>
        _opener.OpenAsync(opening, cancellationToken);

    /// <inheritdoc cref="IRecurringTaskShards.CloseAsync"/>
    public Task<byte[]?> CloseAsync(KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken) =>
        _closer.CloseAsync(shard, drainFor, cancellationToken);

    /// <inheritdoc cref="ShardCloser.StopWithHost"/>
    public void StopWithHost() => _closer.StopWithHost();

    /// <inheritdoc cref="ShardCloser.OnLoopEnded"/>
    public void OnLoopEnded(LoopId loop) => _closer.OnLoopEnded(loop);

    /// <summary>Removes keys that were added before the host has started, because their shards are not open here.</summary>
    public void DropUnowned()
    {
        var dropped = 0;
        ShardLoops.Visit(
            _group.Rows,
            static shard => shard is null,
            (loop, _) => dropped += _loops.Move(loop, StopRequest.Lost) ? 1 : 0);
        if (dropped > 0)
        {
            _group.Environment.Observers.Warn(
                _group.Name,
                [
                    $"{dropped:N0} keys were added before the host has started and do not run: the task is in a cluster, and a "
                        + "key is added on the host that owns its shard, once the shard is open.",
                ]);
        }
    }

    /// <summary>Reads how far the open shards have come, in one pass over all rows.</summary>
    public IReadOnlyList<ShardProgress> ReadProgress()
    {
        var (now, shards, row) = (_group.Clock.Now, Snapshot(), 0);
        if (shards is not [{ Ownership.Shard.Count: var count }, ..])
            return [];
        var tallies = new ShardTally?[count];
        foreach (var shard in shards)
        {
            var tally = tallies[shard.Ownership.Shard.Index] = new(now);
            tally.Limit(shard.Arrivals.DoneUntil); // first: a key that arrives meanwhile is in its row afterwards
        }
        while (_group.Rows.TallyNext(tallies, ref row))
        {
        }
        return
        [
            // Once the lease has ended, loops may have ended with slots that have not run.
            .. shards.Select(static shard => shard.Ownership).Where(static shard => shard.CanStart).Select(shard =>
            {
                var tally = tallies[shard.Shard.Index]!;
                return new ShardProgress(_group.Name, shard.Shard, shard.Epoch, tally.DoneUntil.ToNullable(), tally.Exceptions);
            }),
        ];
    }

    /// <inheritdoc cref="IRecurringTaskShards.WriteExceptions"/>
    public byte[] WriteExceptions(KeyShard shard)
    {
        var (open, exceptions) = (_table.Find(shard) ?? throw _closer.IsNotOpen(shard), new List<LoopMemory>());
        ShardLoops.Visit(_group.Rows, other => other == open.Ownership, (loop, _) =>
        {
            if (_group.Rows.IsException(loop) && KeyMemory.Create(_group, loop) is { } memory)
                exceptions.Add(memory);
        });
        exceptions.AddRange(open.Arrivals.Waiting.Where(static loop => loop.IsException));
        return new ShardMemory(_group.Task.Options.ScheduleText, exceptions).Write(_group.Clock.Now);
    }

    /// <summary>Called when the source of keys was read, so that what it has not yielded is gone.</summary>
    public void OnRead(OpenShard shard)
    {
        var lost = shard.Arrivals.MarkRead().Count(static loop => loop.IsAddedByHand);
        if (lost > 0 && !shard.Ownership.IsClosed)
        {
            _group.Environment.Observers.Warn(
                _group.Name,
                [
                    $"{lost:N0} keys that were added by hand to shard {shard.Ownership.Shard} do not run: SafeLoop cannot read "
                        + "them from their text. It reads string, int, long and Guid.",
                ]);
        }
    }

    /// <summary>Why a key cannot be added by hand.</summary>
    public InvalidOperationException KeyCannotMove<TKey>(TKey key)
        where TKey : notnull => new(
        $"The key '{LoopName.FormatKey(key)}' of recurring task '{_group.Name}' cannot be added by hand in a cluster: its next "
        + $"owner could not read it from its text. Use int, long, Guid or a string of up to {KeyText.Longest} characters, or let "
        + "the source given to KeysFrom yield the key.");

    /// <summary>Why a key cannot be added on this host.</summary>
    public InvalidOperationException KeyIsElsewhere() => new(
        $"The key cannot be added on this host, which does not own its shard of recurring task '{_group.Name}'. "
        + "Add it with IRecurringTaskCluster.AddAsync, which sends it to the owner.");
}
