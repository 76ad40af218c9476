namespace SafeLoop;

/// <summary>Closes and loses shards of a keyed task.</summary>
/// <remarks>
/// <code>
///   open ──► CloseAsync ──► its loops end ──► their state is returned
///    └─────► the lease is lost ──► its loops end at once
/// </code>
/// Thread-safe.
/// </remarks>
internal sealed class ShardCloser(KeyGroup group, IMovingLoops loops, ShardTable table)
{
    private readonly ShardSweep _sweep = new(group, loops, table);

    /// <inheritdoc cref="IRecurringTaskShards.CloseAsync"/>
    public async Task<byte[]?> CloseAsync(KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken)
    {
        var open = table.FindEntered(shard) ?? throw IsNotOpen(shard);
        await open.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        var closing = new ShardClosing(group);
        if (!table.TryClose(open, closing))
            throw IsNotOpen(shard);
        var schedule = group.Task.Options.ScheduleText; // from now on, changed options plan none of its loops
        _sweep.Add(new(group, open, StopRequest.Moved(drainFor), closing));
        await closing.Completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (!closing.Completion.IsCompleted)
            EndAtOnce(closing); // nothing waits for them any more
        open.ForgetLease();
        var isComplete = closing.TryTake(out var left, out var running);
        table.EndClosing(open.Ownership);
        if (!open.Ownership.Lease.IsValid)
            return null; // another host may own it by now, and has begun at the watermark
        var memory = isComplete ? Write(open, schedule, left) : null;
        Reports.Publish(LoopEventKind.ShardClosed, open.Ownership, Describe(memory is null ? null : left.Count, running));
        return memory;
    }

    /// <summary>Called when the lease of an open shard has ended.</summary>
    public void Lose(OpenShard open)
    {
        open.ForgetLease();
        if (table.TryClose(open, null))
            _sweep.Add(new(group, open, StopRequest.Lost, null));
        else if (table.FindClosing(open.Ownership) is { } closing)
            EndAtOnce(closing);
    }

    /// <summary>
    /// Closes all shards without an end of their loops, which end with the host. Their last progress stays, so that the next
    /// owners run what this host does not.
    /// </summary>
    public void StopWithHost()
    {
        foreach (var open in table.SnapshotEntered())
        {
            open.ForgetLease();
            table.TryClose(open, null);
        }
    }

    /// <summary>Called when a loop has ended and its row is still there. Collects its state when its shard is closing.</summary>
    public void OnLoopEnded(LoopId loop)
    {
        if (group.Rows.ShardOf(loop) is { IsClosed: true } shard)
            table.FindClosing(shard)?.OnEnded(loop);
    }

    public InvalidOperationException IsNotOpen(KeyShard shard) =>
        new($"Shard {shard} of recurring task '{group.Name}' is not open on this host.");

    private void EndAtOnce(ShardClosing closing)
    {
        closing.MarkLost(); // first: loops that are ended from now on end at once
        foreach (var loop in closing.Expected)
            loops.StopMoving(loop, StopRequest.Lost);
    }

    /// <returns>Null when most of its loops have not begun here, because their keys were not read.</returns>
    private byte[]? Write(OpenShard open, string schedule, IReadOnlyList<LoopMemory> left)
    {
        if (open.Arrivals is { IsRead: false, HasMemory: false, Watermark.IsNone: false })
            return null;
        var known = left.Select(loop => loop.Key).ToHashSet(StringComparer.Ordinal);
        var waiting = open.Arrivals.Waiting.Where(loop => !known.Contains(loop.Key));
        return new ShardMemory(schedule, [.. left, .. waiting]).Write(group.Clock.Now);
    }

    private static string Describe(int? moved, int running) =>
        (moved is { } count ? $"{count:N0} loops are handed over" : "its loops go on from the watermark")
            + (running == 0 ? "" : $", {running:N0} of them with an iteration that has not ended");

    private ShardReports Reports => new(group.Environment.Observers, group.Name);
}
