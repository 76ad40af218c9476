namespace SafeLoop;

/// <summary>The only shard of an ordinary task on this host: opens, closes and loses it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TaskShard(TaskLoop task)
{
    private readonly Lock _gate = new();
    private ShardOwnership? _open;
    private CancellationTokenRegistration _lost;

    /// <summary>Starts the loop where it was on the host before, or after the watermark.</summary>
    /// <exception cref="InvalidOperationException">It is open, its lease has ended, or the host stops.</exception>
    public void Open(ShardOpening opening)
    {
        var ownership = new ShardOwnership(opening.Shard, opening.Epoch, opening.Lease);
        var memory = Read(opening.Memory);
        var watermark = opening.Watermark is { } instant ? instant : Instant.None;
        var known = memory ?? Read(opening.Exceptions);
        var state = known?.Loops is [var moved] ? moved : new LoopMemory("", default);
        if (memory?.Schedule != task.Task.Options.ScheduleText)
            state = state with { State = state.State.WithoutPlan(memory is null ? watermark : Instant.None) };
        if (!ownership.Lease.IsValid)
            throw CannotOpen($"the lease has ended. {ownership.Lease.LossReason}");
        lock (_gate)
        {
            if (_open is { IsClosed: false } open)
                throw CannotOpen($"it is open with epoch {open.Epoch}.");
            _open = ownership;
        }
        task.Open(ownership, state);
        _lost = ownership.Lease.Lost.UnsafeRegister(
            _ => task.Environment.Pacemaker.Dispatch(new WorkItem(() => Lose(ownership))), null);
        Reports.Publish(
            LoopEventKind.ShardOpened,
            ownership,
            memory is not null ? "with the state of the host before"
                : watermark.IsNone ? "as new"
                : $"from its watermark {watermark}");
    }

    /// <summary>Ends the loop, and returns what it takes along; null when another host may own it by now.</summary>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    public async Task<byte[]?> CloseAsync(TimeSpan drainFor, CancellationToken cancellationToken)
    {
        ShardOwnership open;
        lock (_gate)
        {
            open = _open is { IsClosed: false } found ? found
                : throw new InvalidOperationException($"Recurring task '{task.Name}' is not open on this host.");
            open.Close();
        }
        var loop = task.Close(
            new(LoopEnd.Moved, OutcomeReason.ShardLost, "Another host runs it.") { DrainFor = drainFor });
        Task ended = loop.Completion;
        await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lost.Unregister();
        if (!open.Lease.IsValid)
            return null;
        Reports.Publish(LoopEventKind.ShardClosed, open, "its state is handed over");
        return Write(loop);
    }

    /// <summary>Reads how far its loop has come; null: it is not open.</summary>
    public ShardProgress? ReadProgress()
    {
        Instant now = task.Environment.Time.GetUtcNow();
        lock (_gate)
        {
            if (_open is not { IsClosed: false } open)
                return null;
            var loop = task.Loop;
            var end = loop.Control.StopRequest is { IsMove: false, End: var reason } ? (int)reason + 1 : 0;
            var exceptions = ((ulong)end << 1) | (loop.Control.IsPausedIndividually ? 1u : 0);
            var done = Instant.Min(now, loop.DoneUntil).ToNullable();
            return new(task.Name, open.Shard, open.Epoch, done, exceptions);
        }
    }

    /// <summary>Writes the state of the loop.</summary>
    public byte[] WriteExceptions() => Write(task.Loop);

    private byte[] Write(LoopRunner loop)
    {
        var memory = new LoopMemory("", loop.Log.CopyState())
        {
            Pause = loop.Control.Pause,
            End = loop.Control.StopRequest is { IsMove: false, End: var end } ? end : null,
        };
        return new ShardMemory(task.Task.Options.ScheduleText, [memory]).Write(task.Environment.Time.GetUtcNow());
    }

    private ShardReports Reports => new(task.Environment.Observers, task.Name);

    private ShardMemory? Read(byte[]? bytes) => Reports.Read(bytes, "Its loop goes on from the watermark.");

    private void Lose(ShardOwnership ownership)
    {
        lock (_gate)
        {
            if (_open != ownership)
                return;
            ownership.Close();
        }
        task.Close(StopRequest.Lost);
        Reports.Publish(LoopEventKind.ShardLost, ownership, ownership.Lease.LossReason!);
    }

    private InvalidOperationException CannotOpen(string why) =>
        new($"Recurring task '{task.Name}' cannot be opened: {why}");
}
