namespace SafeLoop;

/// <summary>The only shard of an ordinary task on this host: opens, closes and loses it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TaskShard(TaskLoop task)
{
    private readonly Lock _gate = new();
    private ShardOwnership? _open; // null: not open, or closed completely
    private CancellationTokenRegistration _lost;

    /// <inheritdoc cref="IRecurringTaskShards.OpenAsync"/>
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
        if (_open is { Lease.IsValid: false } ended)
            Lose(ended); // a moment ago
        lock (_gate)
        {
            if (_open is { IsClosed: false } open)
                throw CannotOpen($"it is open with epoch {open.Epoch}.");
            _open = ownership;
            _lost = ownership.Lease.Lost.UnsafeRegister(
                _ => task.Environment.Pacemaker.Dispatch(new WorkItem(() => Lose(ownership))), null);
        }
        if (!task.TryOpen(ownership, state))
        {
            _lost.Unregister();
            Leave(ownership);
            throw CannotOpen("the host stops.");
        }
        Reports.Publish(
            LoopEventKind.ShardOpened,
            ownership,
            memory is not null ? "with the state of the host before"
                : watermark.IsNone ? "as new"
                : $"from its watermark {watermark}");
    }

    /// <inheritdoc cref="IRecurringTaskShards.CloseAsync"/>
    public async Task<byte[]?> CloseAsync(TimeSpan drainFor, CancellationToken cancellationToken)
    {
        ShardOwnership open;
        CancellationTokenRegistration lost;
        lock (_gate)
        {
            (open, lost) = (_open is { IsClosed: false } found ? found : throw IsNotOpen(), _lost);
            open.Close();
        }
        var schedule = task.Task.Options.ScheduleText; // from now on, changed options do not plan the loop
        var loop = task.Close(StopRequest.Moved(drainFor));
        Task ended = loop.Completion;
        await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCompleted)
            task.Close(StopRequest.Lost); // nothing waits for its iteration any more
        lost.Unregister();
        Leave(open);
        if (!open.Lease.IsValid)
            return null; // another host may own it by now
        Reports.Publish(LoopEventKind.ShardClosed, open, "its state is handed over");
        return Write(loop, schedule);
    }

    /// <summary>Reads how far its loop has come; null: it is not open.</summary>
    public ShardProgress? ReadProgress()
    {
        Instant now = task.Environment.Time.GetUtcNow();
        ShardOwnership open;
        LoopRunner loop;
        lock (_gate)
        {
            if (_open is not { IsClosed: false } found)
                return null;
            (open, loop) = (found, task.Loop);
        }
        var end = EndOf(loop) is { } reason ? (int)reason + 1 : 0;
        var exceptions = ((ulong)end << 1) | (loop.Control.IsPausedIndividually ? 1u : 0);
        var done = Instant.Min(now, loop.DoneUntil).ToNullable();
        // Once the lease has ended, the loop may have ended with slots that have not run.
        return open.CanStart ? new(task.Name, open.Shard, open.Epoch, done, exceptions) : null;
    }

    /// <inheritdoc cref="IRecurringTaskShards.WriteExceptions"/>
    public byte[] WriteExceptions()
    {
        lock (_gate)
        {
            if (_open is not { IsClosed: false })
                throw IsNotOpen();
        }
        return Write(task.Loop, task.Task.Options.ScheduleText);
    }

    private byte[] Write(LoopRunner loop, string schedule)
    {
        var state = default(LoopState);
        loop.TryGetMovingState(null, ref state);
        var memory = new LoopMemory("", state) { Pause = loop.Control.Pause, End = EndOf(loop) };
        return new ShardMemory(schedule, [memory]).Write(task.Environment.Time.GetUtcNow());
    }

    private static LoopEnd? EndOf(LoopRunner loop) =>
        loop.Control.StopRequest is { End: not (LoopEnd.Moved or LoopEnd.HostStopped) and var end } ? end : null;

    private ShardReports Reports => new(task.Environment.Observers, task.Name);

    private ShardMemory? Read(byte[]? bytes) => Reports.Read(bytes, "Its loop goes on from the watermark.");

    private void Lose(ShardOwnership ownership)
    {
        bool wasOpen;
        lock (_gate)
        {
            if (_open != ownership)
                return;
            wasOpen = !ownership.IsClosed; // else it is draining, or the host stops
            ownership.Close();
        }
        task.Close(StopRequest.Lost);
        if (!wasOpen)
            return;
        Leave(ownership);
        Reports.Publish(LoopEventKind.ShardLost, ownership, ownership.Lease.LossReason!);
    }

    private void Leave(ShardOwnership ownership)
    {
        lock (_gate)
            _open = _open == ownership ? null : _open;
    }

    private InvalidOperationException CannotOpen(string why) =>
        new($"Recurring task '{task.Name}' cannot be opened: {why}");

    private InvalidOperationException IsNotOpen() => new($"Recurring task '{task.Name}' is not open on this host.");
}
