namespace SafeLoop;

/// <summary>Opens shards of a keyed task: adds the loops that the last owner has handed over.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ShardOpener(KeyGroup group, IMovingLoops loops, ShardTable table, ShardCloser closer)
{
    /// <inheritdoc cref="IRecurringTaskShards.OpenAsync"/>
    public async Task<OpenShard> OpenAsync(ShardOpening opening, CancellationToken cancellationToken)
    {
        var memory = Read(opening.Memory);
        var open = new OpenShard(
            new(opening.Shard, opening.Epoch, opening.Lease),
            new(memory, opening.Watermark is { } watermark ? watermark : Instant.None));
        while (table.Enter(open) is { } before)
        {
            if (!before.Ownership.IsClosed)
                closer.Lose(before); // its lease has ended a moment ago
            await before.Emptied.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        open.WatchLease(() => group.Environment.Pacemaker.Dispatch(new WorkItem(() => closer.Lose(open))));

        Begin(open, memory, Read(opening.Exceptions));
        open.ThrowIfLost(group);
        return open;
    }

    private void Begin(OpenShard open, ShardMemory? memory, ShardMemory? exceptions)
    {
        try
        {
            var loops = memory?.Loops ?? exceptions?.Loops ?? [];
            Add(open, loops, memory);
            if (open.Ownership.IsClosed)
                return; // it was lost meanwhile
            Reports.Publish(
                LoopEventKind.ShardOpened,
                open.Ownership,
                memory is not null ? $"with {loops.Count:N0} loops of the host before"
                    : open.Arrivals.Watermark.IsNone ? "as new" : $"from its watermark {open.Arrivals.Watermark}");
        }
        finally
        {
            open.MarkOpened(); // or a close would wait for ever
        }
    }

    private void Add(OpenShard open, IReadOnlyList<LoopMemory> arrived, ShardMemory? memory)
    {
        var isPlannedAlike = memory?.Schedule == group.Task.Options.ScheduleText;
        var last = memory is null ? open.Arrivals.Watermark : Instant.None;
        foreach (var loop in arrived)
        {
            var adapted = isPlannedAlike ? loop : loop with { State = loop.State.WithoutPlan(last) };
            if (!loops.TryAddMoved(open.Ownership, adapted))
                open.Arrivals.Add(adapted);
        }
    }

    private ShardReports Reports => new(group.Environment.Observers, group.Name);

    private ShardMemory? Read(byte[]? bytes) => Reports.Read(bytes, "Its loops go on from the watermark.");
}
