using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>The shards of a keyed task that are open on this host: opens, closes and loses them.</summary>
/// <param name="group">What all loops of the task share.</param>
/// <param name="loops">The loops.</param>
/// <remarks>
/// <code>
///   OpenAsync ──► open ──► CloseAsync ──► its loops end, and what they take along is returned
///                  └────► the lease is lost ──► its loops end at once
/// </code>
/// Thread-safe. A shard that is being emptied is opened again only afterwards. Code of keys is called under no lock.
/// </remarks>
internal sealed class KeyShards(KeyGroup group, IMovingLoops loops)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, OpenShard> _shards = [];
    private readonly Dictionary<ShardOwnership, ShardClosing> _closing = [];
    private int _count; // of the shards of the task; zero: none was opened yet

    /// <summary>The shards that are open at this moment.</summary>
    public OpenShard[] Snapshot()
    {
        lock (_gate)
            return [.. _shards.Values.Where(shard => !shard.Ownership.IsClosed)];
    }

    /// <summary>True when there is an open shard whose keys have not been read since it was opened.</summary>
    public bool HasUnread => Array.Exists(Snapshot(), static shard => !shard.Arrivals.IsRead);

    /// <summary>Finds the open shard of a key. Calls <c>ToString</c> of the key, and throws what it throws.</summary>
    /// <returns>Null when it is not open on this host.</returns>
    public OpenShard? Find<TKey>(TKey key)
        where TKey : notnull
    {
        if (Volatile.Read(ref _count) is not (> 0 and var count))
            return null;
        var shard = KeyShard.FromKey(key, count);
        lock (_gate)
            return _shards.GetValueOrDefault(shard.Index) is { Ownership.IsClosed: false } open ? open : null;
    }

    /// <summary>Like <see cref="Find"/>, for a key that the source has yielded. A key that throws is in no shard.</summary>
    public bool TryFind<TKey>(TKey key, [NotNullWhen(true)] out OpenShard? shard)
        where TKey : notnull
    {
        shard = null;
        try
        {
            shard = Find(key);
        }
        catch (Exception error) // ToString of a key is user code, and the other keys of the source must go on
        {
            group.Environment.Observers.Fault(
                FaultKind.KeyTextThrew,
                group.Name,
                "The text of a key threw, so its shard is unknown and it does not run.",
                error);
        }
        return shard is not null;
    }

    /// <summary>Opens a shard: adds the loops that its last owner has handed over.</summary>
    /// <exception cref="InvalidOperationException">It is open, its lease has run out, or the host stops.</exception>
    /// <exception cref="ArgumentException">Other shards of the task are open that are parts of another division.</exception>
    public async Task<OpenShard> OpenAsync(ShardOpening opening, CancellationToken cancellationToken)
    {
        var memory = Read(opening.Memory);
        var open = new OpenShard(
            new(opening.Shard, opening.Epoch, opening.Lease),
            new(memory, opening.Watermark is { } watermark ? watermark : Instant.None));
        while (Enter(open) is { } before)
            await before.Emptied.WaitAsync(cancellationToken).ConfigureAwait(false);
        open.WatchLease(() => group.Environment.Pacemaker.Dispatch(new WorkItem(() => Lose(open))));

        var arrived = memory?.Loops ?? Read(opening.Exceptions)?.Loops ?? [];
        try
        {
            foreach (var loop in arrived)
            {
                var isPlannedAlike = memory?.Schedule == group.Task.Options.ScheduleText;
                var last = memory is null ? open.Arrivals.Watermark : Instant.None;
                var adapted = isPlannedAlike ? loop : loop with { State = loop.State.WithoutPlan(last) };
                if (!loops.TryAddMoved(open.Ownership, adapted))
                    open.Arrivals.Add(adapted);
            }
        }
        finally
        {
            open.MarkOpened(); // or a close would wait for ever
        }
        Reports.Publish(
            LoopEventKind.ShardOpened,
            open.Ownership,
            memory is not null ? $"with {arrived.Count:N0} loops of the host before"
                : open.Arrivals.Watermark.IsNone ? "as new" : $"from its watermark {open.Arrivals.Watermark}");
        return open;
    }

    /// <summary>
    /// Closes a shard. No iteration starts any more. Running ones may drain and are then cancelled.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="drainFor">How long running iterations may go on.</param>
    /// <param name="cancellationToken">Cancelled: does not wait for iterations that still run.</param>
    /// <returns>What its loops take along. Null when that is not known; the next owner then begins at the watermark.</returns>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    public async Task<byte[]?> CloseAsync(KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken)
    {
        var open = Get(shard);
        await open.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        var closing = new ShardClosing(group);
        if (!TryClose(open, closing))
            throw IsNotOpen(shard);
        Empty(open, closing, new(LoopEnd.Moved, OutcomeReason.ShardLost, "Another host runs it.") { DrainFor = drainFor });
        await closing.Completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        open.ForgetLease();
        var leaving = closing.Take(out var running);
        lock (_gate)
            _closing.Remove(open.Ownership);
        if (!open.Ownership.Lease.IsValid)
            return null; // another host may own it by now, and has begun at the watermark
        var left = running == 0 ? "" : $", {running:N0} of them with an iteration that has not ended";
        Reports.Publish(LoopEventKind.ShardClosed, open.Ownership, $"{leaving.Count:N0} loops are handed over{left}");
        if (!open.Arrivals.IsRead && !open.Arrivals.HasMemory && !open.Arrivals.Watermark.IsNone)
            return null; // its keys were not read, so most of its loops have not begun here
        var known = leaving.Select(loop => loop.Key).ToHashSet(StringComparer.Ordinal);
        var waiting = open.Arrivals.Waiting.Where(loop => !known.Contains(loop.Key));
        return new ShardMemory(group.Task.Options.ScheduleText, [.. leaving, .. waiting]).Write(group.Clock.Now);
    }

    /// <summary>Removes keys that were added before the host has started, because their shards are not open here.</summary>
    public void DropUnowned()
    {
        var dropped = 0;
        Visit(null, loop => dropped += loops.Move(loop, StopRequest.Lost) ? 1 : 0);
        if (dropped > 0)
        {
            group.Environment.Observers.Warn(
                group.Name,
                [
                    $"{dropped:N0} keys were added before the host has started and do not run: the task is in a cluster, and a "
                        + "key is added on the host that owns its shard, once the shard is open.",
                ]);
        }
    }

    /// <summary>Called when a loop has ended and its row is still there. Keeps what it takes along, if its shard moves.</summary>
    public void OnLoopEnded(LoopId loop)
    {
        if (group.Rows.ShardOf(loop) is { IsClosed: true } shard)
            FindClosing(shard)?.OnEnded(loop);
    }

    /// <summary>Reads how far the open shards have come, in one pass over all rows.</summary>
    public IReadOnlyList<ShardProgress> ReadProgress()
    {
        var (now, shards, row) = (group.Clock.Now, Snapshot(), 0);
        if (shards is not [{ Ownership.Shard.Count: var count }, ..])
            return [];
        var tallies = new ShardTally?[count];
        foreach (var shard in shards)
        {
            var tally = tallies[shard.Ownership.Shard.Index] = new(now);
            tally.Limit(shard.Arrivals.DoneUntil); // first: a key that arrives meanwhile is in its row afterwards
        }
        while (group.Rows.TallyNext(tallies, ref row))
        {
        }
        return
        [
            .. shards.Select(static shard => shard.Ownership).Where(static shard => !shard.IsClosed).Select(shard =>
            {
                var tally = tallies[shard.Shard.Index]!;
                return new ShardProgress(group.Name, shard.Shard, shard.Epoch, tally.DoneUntil.ToNullable(), tally.Exceptions);
            }),
        ];
    }

    /// <summary>Writes the keys of a shard that have ended, are paused or were added by hand.</summary>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    public byte[] WriteExceptions(KeyShard shard)
    {
        var (open, exceptions) = (Get(shard), new List<LoopMemory>());
        Visit(open.Ownership, loop =>
        {
            if (group.Rows.IsException(loop) && KeyMemory.Create(group, loop) is { } memory)
                exceptions.Add(memory);
        });
        return new ShardMemory(group.Task.Options.ScheduleText, exceptions).Write(group.Clock.Now);
    }

    public InvalidOperationException KeyIsElsewhere() => new(
        $"The key cannot be added on this host, which does not own its shard of recurring task '{group.Name}'. "
        + "Add it on the host that does.");

    private void Lose(OpenShard open)
    {
        open.ForgetLease();
        if (TryClose(open, null))
        {
            var ended = Empty(open, null, StopRequest.Lost);
            var why = open.Ownership.Lease.LossReason;
            Reports.Publish(LoopEventKind.ShardLost, open.Ownership, $"{ended:N0} loops have ended. {why}");
        }
        else if (FindClosing(open.Ownership) is { } closing)
        {
            foreach (var loop in closing.Expected)
                loops.StopMoving(loop, StopRequest.Lost); // what drains must end now
        }
    }

    /// <returns>The shard that must be emptied first; null: the new one is entered.</returns>
    private OpenShard? Enter(OpenShard open)
    {
        var shard = open.Ownership.Shard;
        if (!open.Ownership.Lease.IsValid)
            throw CannotOpen(open, $"the lease has ended. {open.Ownership.Lease.LossReason}");
        if (group.StopRequest is not null)
            throw CannotOpen(open, "the host stops.");
        lock (_gate)
        {
            if (_shards.TryGetValue(shard.Index, out var before))
            {
                return before.Ownership.IsClosed ? before
                    : throw CannotOpen(open, $"it is open with epoch {before.Ownership.Epoch}.");
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

    private ShardClosing? FindClosing(ShardOwnership shard)
    {
        lock (_gate)
            return _closing.GetValueOrDefault(shard);
    }

    private OpenShard Get(KeyShard shard)
    {
        lock (_gate)
        {
            return _shards.GetValueOrDefault(shard.Index) is { Ownership.IsClosed: false } open && open.Ownership.Shard == shard
                ? open
                : throw IsNotOpen(shard);
        }
    }

    private bool TryClose(OpenShard open, ShardClosing? closing)
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

    // Parked loops end without an event each, and their slots are not recorded: another host runs them.
    private int Empty(OpenShard open, ShardClosing? closing, StopRequest request)
    {
        var ended = 0;
        Visit(open.Ownership, loop =>
        {
            closing?.Expect(loop);
            if (loops.Move(loop, request))
                ended++;
            else
                closing?.Forget(loop);
        });
        lock (_gate)
            _shards.Remove(open.Ownership.Shard.Index);
        open.MarkEmptied();
        closing?.EndScan();
        return ended;
    }

    private void Visit(ShardOwnership? shard, Action<LoopId> visit)
    {
        var (row, found, isMore) = (0, new List<LoopId>(), true);
        while (isMore)
        {
            isMore = group.Rows.FindNext(shard, ref row, found);
            found.ForEach(visit);
        }
    }

    private ShardReports Reports => new(group.Environment.Observers, group.Name);

    private ShardMemory? Read(byte[]? bytes) => Reports.Read(bytes, "Its loops go on from the watermark.");

    private InvalidOperationException CannotOpen(OpenShard open, string why) =>
        new($"Shard {open.Ownership.Shard} of recurring task '{group.Name}' cannot be opened: {why}");

    private InvalidOperationException IsNotOpen(KeyShard shard) =>
        new($"Shard {shard} of recurring task '{group.Name}' is not open on this host.");
}
