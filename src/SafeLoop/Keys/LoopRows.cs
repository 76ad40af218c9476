using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// The loops of a keyed task, one row each. A waiting loop is only its row. A loop that has something to do is attached to a
/// runner.
/// </summary>
/// <remarks>
/// Thread-safe. Members that take the id of a loop do nothing when its key was removed meanwhile. The rows have their own timing
/// wheel, and the pacemaker rings this alarm when the earliest row is due. No user code, such as a policy, is called under the
/// lock.
/// </remarks>
internal sealed class LoopRows : Alarm
{
    /// <summary>In ticks, 24.8 days. A longer wait is split, because a row stores only the low half of a tick.</summary>
    private const long LongestWait = 1L << 31;

    private const int RingsPerTurn = 256;
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMilliseconds(5);

    private readonly IKeyGroup _group;
    private readonly Pacemaker _pacemaker;
    private readonly Lock _gate = new();
    private readonly RowSlabs _rows = new();
    private readonly KeyDefinitionSlots _definitions = new();
    private readonly TimingWheel<RowSlabs.Nodes> _wheel;
    private readonly AttachedRunners _runners = new();
    private long _armedTick = TickScale.Never; // when the pacemaker rings this alarm
    private long _promptUntil; // in ticks: until then, a row waits that must not be delayed by coalescing
    private int _rings; // since this alarm was armed
    private long _latest; // the maximum lateness of these rings

    public LoopRows(IKeyGroup group)
    {
        (_group, _pacemaker) = (group, group.Environment.Pacemaker);
        _wheel = new(new RowSlabs.Nodes(_rows));
        Runners = new RunnerPool(group, this);
    }

    /// <summary>The runners that are rented to loops that have something to do.</summary>
    public RunnerPool Runners { get; }

    /// <summary>Adds a loop. It does not start yet.</summary>
    /// <param name="definition">By which it runs.</param>
    /// <param name="isFromSource">False: its key was added by hand.</param>
    /// <param name="memory">Its state on the host before; null: it is new.</param>
    /// <returns>None when its shard was closed meanwhile.</returns>
    public LoopId Add(KeyDefinition definition, bool isFromSource, LoopMemory? memory = null)
    {
        lock (_gate)
        {
            if (definition.Shard is { IsClosed: true })
                return default; // a row that is added from now on would not be found by what empties the shard
            var loop = _rows.Add();
            ref var row = ref _rows[loop.Row];
            row.IsFromSource = isFromSource;
            if (memory is not null)
                (row.Saved, row.End) = (memory.State, memory.End);
            if (row.End is not null)
                row.State = KeyedLoopState.Ended;
            _definitions.Assign(ref row, definition);
            return loop;
        }
    }

    /// <summary>The shard of a loop; null when it has none or was removed.</summary>
    public ShardOwnership? ShardOf(LoopId loop)
    {
        lock (_gate)
            return Has(loop) ? _definitions[_rows[loop.Row].Definition].Shard : null;
    }

    /// <summary>Why a loop has ended; null: it has not, or was removed.</summary>
    public LoopEnd? EndOf(LoopId loop)
    {
        lock (_gate)
            return Has(loop) ? _rows[loop.Row].End : null;
    }

    /// <summary>True when a loop has ended, is paused itself, or its key was added by hand.</summary>
    public bool IsException(LoopId loop)
    {
        lock (_gate)
        {
            if (!Has(loop) || IsIn(loop, KeyedLoopState.Removed))
                return false;
            ref var row = ref _rows[loop.Row];
            var isPaused = _runners.Find(row)?.Runner.Control.IsPausedIndividually ?? row.Saved.IsPaused;
            return row.End is not null || isPaused || !row.IsFromSource;
        }
    }

    /// <summary>Prevents further iterations and further loops of a shard.</summary>
    public void Close(ShardOwnership shard)
    {
        lock (_gate)
            shard.Close();
    }

    /// <summary>Finds the loops of shards among the next rows.</summary>
    /// <param name="isSought">Reports whether a shard is sought; its argument is null for loops that have none.</param>
    /// <param name="number">The number of the row before; 0: the first ones. Then that of the last row.</param>
    /// <param name="found">The loops that were found, with their shards.</param>
    /// <returns>False when there is no further row.</returns>
    public bool FindNext(Predicate<ShardOwnership?> isSought, ref int number, List<(LoopId, ShardOwnership?)> found)
    {
        found.Clear();
        lock (_gate)
        {
            for (var visited = 0; visited < RowSlabs.SlabSize; visited++) // not all at once, so that due loops need not wait
            {
                number = _rows.After(number);
                if (number >= _rows.End)
                    return false;
                var loop = _rows.At(number);
                if (!loop.IsNone && _definitions[_rows[number].Definition].Shard is var shard && isSought(shard))
                    found.Add((loop, shard));
            }
            return true;
        }
    }

    /// <summary>Adds the next rows to the tallies of their shards.</summary>
    /// <param name="tallies">By the index of the shard; null where the shard is not open.</param>
    /// <param name="number">As for <see cref="FindNext"/>.</param>
    /// <returns>False when there is no further row.</returns>
    public bool TallyNext(ShardTally?[] tallies, ref int number)
    {
        lock (_gate)
        {
            for (var visited = 0; visited < RowSlabs.SlabSize; visited++)
            {
                number = _rows.After(number);
                if (number >= _rows.End)
                    return false;
                ref var row = ref _rows[number];
                if (row.Generation != 0 && _definitions[row.Definition].Shard is { IsClosed: false } shard
                    && tallies[shard.Shard.Index] is { } tally)
                    tally.Add(_rows.At(number), row, _runners.Find(row)?.Runner is { } runner
                        ? (runner.DoneUntil, runner.Control.IsPausedIndividually)
                        : null);
            }
            return true;
        }
    }

    /// <summary>Removes a loop that has ended, or has never started.</summary>
    /// <returns>True when the slab of its row was freed.</returns>
    public bool Remove(LoopId loop)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return false;
            _wheel.Remove(loop.Row);
            _runners.Detach(ref _rows[loop.Row]);
            _definitions.Assign(ref _rows[loop.Row], null);
            return _rows.Remove(loop.Row);
        }
    }

    /// <summary>The loops at this moment. Loops that are added meanwhile may be among them.</summary>
    public IEnumerable<LoopId> All()
    {
        for (var row = 0; TryGetNext(ref row, out var loop);)
        {
            if (!loop.IsNone)
                yield return loop;
        }
    }

    /// <summary>Copies the rows that are in use after another one, up to <see cref="RowCopies.Most"/>.</summary>
    /// <param name="number">The number of the row before; 0: the first one. Then that of the last row that was visited.</param>
    /// <param name="copies">Takes the copies. They replace those of the call before.</param>
    /// <returns>False when there are no more rows.</returns>
    public bool TryCopyNext(ref int number, RowCopies copies)
    {
        copies.Clear();
        lock (_gate)
        {
            for (var visited = 0; visited < RowCopies.Most; visited++)
            {
                number = _rows.After(number);
                if (number >= _rows.End)
                    return copies.Count > 0;
                ref var row = ref _rows[number];
                if (row.Generation != 0)
                    copies.Add(number, row, _definitions[row.Definition].Task);
            }
            return true;
        }
    }

    /// <summary>The loop in a row that is in use.</summary>
    public LoopId At(int row)
    {
        lock (_gate)
            return _rows.At(row);
    }

    /// <summary>Where a loop is; null when the key was removed.</summary>
    public KeyedLoopState? StateOf(LoopId loop)
    {
        lock (_gate)
            return Has(loop) ? _rows[loop.Row].State : null;
    }

    /// <summary>Copies the row of a loop, and finds its definition and the runner it is attached to.</summary>
    /// <returns>False when the key was removed.</returns>
    public bool TryRead(LoopId loop, out LoopRow row, out RecurringTask task, out RentedRunner? runner)
    {
        lock (_gate)
        {
            if (!Has(loop))
            {
                (row, task, runner) = (default, null!, null);
                return false;
            }
            row = _rows[loop.Row];
            (task, runner) = (_definitions[row.Definition].Task, _runners.Find(row));
            return true;
        }
    }

    /// <summary>The runner that a loop is attached to; null: none.</summary>
    public RentedRunner? RunnerOf(LoopId loop)
    {
        lock (_gate)
            return Has(loop) ? _runners.Find(_rows[loop.Row]) : null;
    }

    /// <summary>Restores what a store remembers of a loop.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="withSlots">True: the schedule goes on after the last stored slot.</param>
    /// <returns>True when the loop is in a runner, whose control needs the pause too.</returns>
    public bool Restore(LoopId loop, StoredLoop stored, bool withSlots)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return false;
            ref var row = ref _rows[loop.Row];
            row.Version++; // discards a plan that is being made
            if (_runners.Find(row)?.Runner is not { } runner)
            {
                StoredStates.Restore(ref row.Saved, stored, withSlots);
                return false;
            }
            runner.Log.Restore(stored, withSlots);
            if (stored.Pause is { } pause)
                runner.Control.Hold(pause);
            return true;
        }
    }

    /// <summary>Ends the pause of a loop that has not started yet.</summary>
    public void EndPause(LoopId loop)
    {
        lock (_gate)
        {
            if (IsIn(loop, KeyedLoopState.NotStarted))
                _rows[loop.Row].Saved.IsPaused = false;
        }
    }

    /// <summary>Marks a loop as added by hand, so that it stays when the source of keys no longer has its key.</summary>
    public void MarkAddedByHand(LoopId loop)
    {
        lock (_gate)
        {
            if (Has(loop))
                _rows[loop.Row].IsFromSource = false;
        }
    }

    public bool IsFromSource(LoopId loop)
    {
        lock (_gate)
            return Has(loop) && _rows[loop.Row].IsFromSource;
    }

    public bool CanStart(LoopId loop)
    {
        lock (_gate)
            return Has(loop) && _rows[loop.Row].CanStart;
    }

    /// <summary>
    /// True when a change that keeps the slots affects the loop. It does when the loop was parked as failing, or is in a runner:
    /// a loop whose buffer is never empty is never parked.
    /// </summary>
    public bool IsAffectedByChange(LoopId loop)
    {
        lock (_gate)
            return Has(loop) && _rows[loop.Row] is { IsAttached: true } or { Saved.ConsecutiveFailures: > 0 };
    }

    /// <summary>Allows the loop to start.</summary>
    public void AllowStart(LoopId loop)
    {
        lock (_gate)
        {
            if (Has(loop))
                _rows[loop.Row].CanStart = true;
        }
    }

    /// <summary>Starts a loop with this definition.</summary>
    /// <returns>False when it has already started or the definition is out of date.</returns>
    public bool TryStart(LoopId loop, KeyDefinition definition)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.NotStarted) || !definition.IsCurrent)
                return false;
            ref var row = ref _rows[loop.Row];
            _definitions.Assign(ref row, definition);
            row.State = KeyedLoopState.Waiting;
            return true;
        }
    }

    /// <summary>Plans the next slot and arms its alarm. Also called when the wall clock was set.</summary>
    public void Plan(LoopId loop) => Plan(loop, null);

    /// <summary>Plans the first slot. A loop that was handed over keeps its plan.</summary>
    public void PlanFirst(LoopId loop)
    {
        lock (_gate)
        {
            if (IsIn(loop, KeyedLoopState.Waiting) && _rows[loop.Row].Saved is { HasBegun: true, IsPlanned: true } state)
            {
                var (clock, task) = (_group.Clock, _definitions[_rows[loop.Row].Definition].Task);
                var (now, next) = (clock.Read(), LoopPlan.Next(state, task, clock));
                WaitUntil(next.Due <= now.Now ? now.Timestamp : clock.TimestampOf(next.Due, now), now.Timestamp, loop.Row);
                return;
            }
        }
        Plan(loop, null);
    }

    /// <summary>Resumes the loop with its whole task. A loop that is paused individually stays paused.</summary>
    public void Resume(LoopId loop)
    {
        bool isReplanned;
        lock (_gate)
        {
            if (!Has(loop) || IsIn(loop, KeyedLoopState.Removed))
                return;
            ref var row = ref _rows[loop.Row];
            var runner = _runners.Find(row)?.Runner;
            if (runner?.Control.IsPausedIndividually ?? row.Saved.IsPaused)
                return;
            isReplanned = runner is null && (row.Saved.ConsecutiveFailures > 0 || _group.Clock.IsBehind(row.Saved.Slot));
            row.Saved.ConsecutiveFailures = 0;
            row.Version++; // discards a plan that is being made with the failures
            runner?.Control.ResumeWithGroup();
            runner?.Wake();
        }
        if (isReplanned && _group.HasBegun)
            Plan(loop, null, isResumed: true);
    }

    /// <summary>Switches to another definition: at once when it is parked, otherwise when its runner wakes up.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="definition">The new definition. It is ignored when it is out of date, because a later one follows.</param>
    /// <param name="before">The task before the change.</param>
    public void Change(LoopId loop, KeyDefinition definition, RecurringTask before)
    {
        lock (_gate)
        {
            if (!Has(loop) || !definition.IsCurrent)
                return;
            ref var row = ref _rows[loop.Row];
            before = _definitions[row.Definition].Own ?? before;
            _definitions.Assign(ref row, definition);
            row.Version++; // discards a plan that is being made by the old one
            var rented = _runners.Find(row);
            if (rented is { IsPinned: false })
                _ = rented.Runner.Control.Change(definition.Task); // not when it is parked, because it may never be parked
            if (row.State is KeyedLoopState.Queued && rented is null && !row.Saved.IsPaused)
                row.Saved.ConsecutiveFailures = 0; // as Plan does for a waiting loop
        }
        if (_group.HasBegun)
            Plan(loop, before);
    }

    /// <summary>Adopts the definition that the loop's runner has found.</summary>
    /// <returns>False when the definition is out of date or the loop has a handle.</returns>
    public bool TryAdopt(LoopId loop, KeyDefinition definition)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Running) || !definition.IsCurrent)
                return false;
            _definitions.Assign(ref _rows[loop.Row], definition);
            return true;
        }
    }

    /// <summary>Attaches the loop to a runner.</summary>
    /// <returns>False when it has ended, already runs, or waits in its own runner.</returns>
    public bool TryRent(LoopId loop, RentedRunner runner)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Waiting) && !IsIn(loop, KeyedLoopState.Queued))
                return false;
            if (_rows[loop.Row].IsAttached)
                return false;
            _wheel.Remove(loop.Row);
            Rent(loop, runner);
            return true;
        }
    }

    /// <summary>True when the loop waits for a permit, parked or in its runner.</summary>
    public bool IsQueued(LoopId loop)
    {
        lock (_gate)
        {
            return IsIn(loop, KeyedLoopState.Queued)
                || (Has(loop) && _runners.Find(_rows[loop.Row]) is { IsWaitingForPermit: true });
        }
    }

    /// <summary>Marks the loop as waiting for a permit under <c>Concurrency</c>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="runner">The runner to which it is pinned; null: it has come due.</param>
    /// <returns>False when it needs none: it already has a runner or a permit, has ended or was removed.</returns>
    public bool TryQueue(LoopId loop, RentedRunner? runner)
    {
        lock (_gate)
        {
            if (runner is null && IsIn(loop, KeyedLoopState.Waiting))
                _rows[loop.Row].State = KeyedLoopState.Queued;
            else if (runner is { HasPermit: false } && IsIn(loop, KeyedLoopState.Pinned)
                && _runners.Find(_rows[loop.Row]) == runner)
                runner.IsWaitingForPermit = true;
            else
                return false;
            return true;
        }
    }

    /// <summary>Takes the permit of a loop that still has queued runs. It waits in its runner for another permit.</summary>
    /// <returns>False when it was stopped or moved to another runner.</returns>
    public bool TryQueueAgain(LoopId loop)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Running) && !IsIn(loop, KeyedLoopState.Pinned))
                return false;
            if (_runners.Find(_rows[loop.Row]) is not { HasPermit: true, Runner.Control.StopRequest: null } runner)
                return false;
            ref var row = ref _rows[loop.Row];
            row.State = row.State is KeyedLoopState.Running ? KeyedLoopState.Queued : row.State;
            (runner.HasPermit, runner.IsWaitingForPermit) = (false, true);
            return true;
        }
    }

    /// <summary>Grants a permit to a loop that waits for one in its runner, and wakes the runner.</summary>
    /// <returns>False when the loop does not wait in a runner.</returns>
    public bool TryGrantInRunner(LoopId loop)
    {
        lock (_gate)
        {
            if (!Has(loop) || _runners.Find(_rows[loop.Row]) is not { IsWaitingForPermit: true } runner)
                return false;
            ref var row = ref _rows[loop.Row];
            row.State = row.State is KeyedLoopState.Queued ? KeyedLoopState.Running : row.State;
            (runner.HasPermit, runner.IsWaitingForPermit) = (true, false);
            runner.Runner.Wake();
            return true;
        }
    }

    /// <summary>Grants a permit to a pinned loop.</summary>
    /// <returns>False when it already has one, because its turn in the queue came at the same moment.</returns>
    public bool TryGrantPermit(RentedRunner runner)
    {
        lock (_gate)
            return !runner.HasPermit && (runner.HasPermit = true);
    }

    /// <summary>Takes the permit of a pinned loop.</summary>
    public void ReleasePermit(RentedRunner runner)
    {
        lock (_gate)
            runner.HasPermit = false;
    }

    /// <summary>Parks the loop: saves its state, and wakes it when its next slot is due.</summary>
    /// <param name="rented">The runner of the loop.</param>
    /// <param name="due">The timestamp at which to wake it.</param>
    /// <returns>False when the loop keeps its runner, because it was stopped or pinned.</returns>
    public bool TryPark(RentedRunner rented, long due)
    {
        var (loop, runner) = (rented.Loop, rented.Runner);
        var plannedBy = runner.Schedule.Task;
        bool isPlanned, isResumed;
        lock (_gate)
        {
            ref var row = ref _rows[loop.Row];
            row.Saved = runner.Log.State;
            row.Saved.IsPaused = runner.Control.IsPausedIndividually;
            if (row.State is not KeyedLoopState.Running || runner.Control.StopRequest is not null)
                return false; // stopped, or pinned by a handle
            isResumed = runner.Control.TryTakeResumed();
            runner.Control.TakeChange()?.SetResult(); // the new definition plans it below
            _runners.Detach(ref row);
            isPlanned = plannedBy == _definitions[row.Definition].Task && !isResumed;
            if (isPlanned)
                WaitUntil(due, runner.Timestamp, loop.Row);
            else
                row.State = KeyedLoopState.Waiting;
            if (row.Saved.IsOnWall)
                _group.FollowWallClock();
        }
        if (!isPlanned)
            Plan(loop, plannedBy, isResumed);
        return true;
    }

    /// <summary>Pins the loop to a runner, which counts in <c>Concurrency</c> while it runs.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="spare">A runner for a loop that is not in one.</param>
    /// <returns>The runner; null when the loop has not started or has ended.</returns>
    public RentedRunner? TryPin(LoopId loop, RentedRunner spare)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return null;
            ref var row = ref _rows[loop.Row];
            if (row.State is KeyedLoopState.NotStarted or KeyedLoopState.Ended or KeyedLoopState.Removed)
                return null;
            var isQueued = row.State is KeyedLoopState.Queued;
            row.State = KeyedLoopState.Pinned;
            var runner = _runners.Find(row);
            if (runner is not null)
            {
                runner.Pin();
                Runners.CountDetached();
            }
            else
            {
                _wheel.Remove(loop.Row);
                Attach(loop, runner = spare);
                spare.Pin();
                spare.IsWaitingForPermit = isQueued;
                spare.Runner.Start();
            }
            var task = _definitions[row.Definition].Task;
            if (runner.Runner.Control.Task != task)
                _ = runner.Runner.Control.Change(task);
            runner.Runner.Wake(); // so that it releases a permit that it does not need
            return runner;
        }
    }

    /// <summary>Moves a pinned loop to the runner in which its handle starts it again.</summary>
    public void MoveTo(LoopId loop, RentedRunner runner)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return;
            _runners.Attach(ref _rows[loop.Row], runner);
            _rows[loop.Row].End = null; // or its next owner would take it for ended
        }
    }

    /// <summary>Marks an ended loop as pinned, before it is started again with its own runner.</summary>
    /// <returns>False when it has not ended by itself.</returns>
    public bool TryPinEnded(LoopId loop)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Ended))
                return false;
            _rows[loop.Row].State = KeyedLoopState.Pinned;
            return true;
        }
    }

    /// <summary>Stops the loop. A parked loop has ended when this returns.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="request">Why.</param>
    /// <param name="hasEnded">True when it was parked, so that it has ended now.</param>
    /// <returns>True when an iteration may be running. Its end is reported later.</returns>
    public bool Stop(LoopId loop, StopRequest request, out bool hasEnded)
    {
        lock (_gate)
        {
            hasEnded = false;
            if (!Has(loop))
                return false;
            ref var row = ref _rows[loop.Row];
            var (before, rented) = (row.State, _runners.Find(row));
            hasEnded = rented is null && before is KeyedLoopState.Waiting or KeyedLoopState.Queued;
            row.State = KeyedLoopState.Removed;
            row.End ??= request.End;
            _wheel.Remove(loop.Row);
            rented?.Runner.Control.Stop(request); // under the lock, so that no other loop has rented the runner meanwhile
            if (before is KeyedLoopState.Removed && rented is { IsPinned: true })
                return false; // it has ended by an earlier stop, and keeps the runner for snapshots
            return before is KeyedLoopState.Running or KeyedLoopState.Pinned || rented is not null;
        }
    }

    /// <summary>Marks a pinned loop as removed, so that nothing pins or starts it again.</summary>
    public void Close(LoopId loop, LoopEnd end)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return;
            ref var row = ref _rows[loop.Row];
            row.State = KeyedLoopState.Removed;
            row.End ??= end;
        }
    }

    /// <summary>Disarms the alarm after all loops have stopped, so that the pacemaker does not keep the host alive.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            if (_armedTick != TickScale.Never && _wheel.EarliestTick == TickScale.Never && _pacemaker.Disarm(this))
                _armedTick = TickScale.Never;
        }
    }

    /// <summary>Called when the loop in a runner has ended. The runner ends with it.</summary>
    public void OnEnded(RentedRunner runner, StopRequest stop)
    {
        var loop = runner.Loop;
        bool wasPinned, hadPermit, isRemoved;
        lock (_gate)
        {
            wasPinned = runner.IsPinned; // under the lock: a handle may pin it at any moment
            hadPermit = runner.HasPermit;
            (runner.HasPermit, runner.IsWaitingForPermit) = (false, false);
            isRemoved = !TryEnd(runner, stop.End, wasPinned);
        }
        if (!wasPinned)
            Runners.CountDetached();
        if (hadPermit)
            Runners.ReleasePermit();
        _group.Owner.OnEnded(loop, wasPinned, isRemoved);
    }

    /// <summary>
    /// Runs the loops that are due. Before each it arms the alarm for the next row, so that a loop that blocks delays no other.
    /// </summary>
    protected internal override void Ring()
    {
        var context = ExecutionContext.Capture();
        var turnEnds = _pacemaker.Time.TimestampIn(TurnLimit);
        RentedRunner? runner = null;
        for (var rings = 0; rings < RingsPerTurn; rings++)
        {
            if (runner is null && Runners.IsUnlimited)
                runner = Runners.Take();
            if (TakeDue(rings == 0, turnEnds, runner, out var isAttached) is not { IsNone: false } loop)
                break;
            if (!isAttached)
                Runners.Run(loop);
            else if (!runner!.TryRunInline())
                runner = null;
            if (context is not null)
                ExecutionContext.Restore(context); // the next loop must not see AsyncLocal values of this one
        }
        if (runner is not null)
            Runners.PutBack(runner);
    }

    /// <summary>Takes the next row that is due and arms the alarm for the row after it.</summary>
    /// <param name="isFirst">True for the first row after the pacemaker rang this alarm.</param>
    /// <param name="turnEnds">The timestamp at which the turn ends.</param>
    /// <param name="runner">A reserved runner for the loop; null when the caller rents one.</param>
    /// <param name="isAttached">True when the loop was attached to <paramref name="runner"/>.</param>
    /// <returns>The loop; none when no row is due or the turn is over.</returns>
    private LoopId TakeDue(bool isFirst, long turnEnds, RentedRunner? runner, out bool isAttached)
    {
        isAttached = false;
        var timestamp = _pacemaker.Time.GetTimestamp();
        if (!isFirst && timestamp >= turnEnds)
            return default;
        var now = _pacemaker.Scale.Reached(timestamp);
        lock (_gate)
        {
            if (isFirst)
                _armedTick = TickScale.Never; // the pacemaker has disarmed this alarm and counted its ring
            _wheel.AdvanceTo(now);
            var number = _wheel.TakeDue();
            if (number == 0)
            {
                ArmEarliest();
                return default;
            }
            // By the time of the wheel: another thread may have advanced it past the time that this thread has read.
            var late = (uint)_wheel.Now - _rows[number].Tick;
            (_rings, _latest) = (isFirst ? _rings : _rings + 1, Math.Max(_latest, late));
            ArmEarliest();
            var loop = _rows.At(number);
            if (runner is null || _group.StopRequest is not null || !Runners.IsUnlimited)
                return loop;
            Runners.Enter();
            runner.Reserve();
            Rent(loop, runner);
            isAttached = true;
            return loop;
        }
    }

    /// <summary>Marks the loop of a runner as ended.</summary>
    /// <returns>False when its key was removed. Another loop may already use its row.</returns>
    private bool TryEnd(RentedRunner runner, LoopEnd end, bool wasPinned)
    {
        if (!Has(runner.Loop))
            return false;
        ref var row = ref _rows[runner.Loop.Row];
        row.End ??= end;
        if (row.State is KeyedLoopState.Running or KeyedLoopState.Queued) // Queued: StopAfter may end a loop without a permit
            row.State = KeyedLoopState.Ended;
        if (!wasPinned)
        {
            _runners.Detach(ref row);
            row.Saved = runner.Runner.Log.State; // for snapshots, a restart, and the next owner of its shard
            row.Saved.IsPaused = runner.Runner.Control.IsPausedIndividually;
        }
        return row.State is not KeyedLoopState.Removed;
    }

    private void Rent(LoopId loop, RentedRunner runner)
    {
        (_rows[loop.Row].State, runner.HasPermit) = (KeyedLoopState.Running, true);
        Attach(loop, runner); // under the lock, so that a later stop finds the runner
    }

    private void Attach(LoopId loop, RentedRunner runner)
    {
        ref var row = ref _rows[loop.Row];
        row.Version++;
        _runners.Attach(ref row, runner);
        runner.Attach(loop, row.Saved, _definitions[row.Definition].Task);
    }

    // Policies, exclusions and the text of a key are user code, so no lock is held while planning.
    private void Plan(LoopId loop, RecurringTask? before, bool isResumed = false)
    {
        if (StateOf(loop) is not KeyedLoopState.Waiting || _group.Owner.KeyOf(loop) is not { } key)
            return;
        while (true)
        {
            LoopState state;
            int version;
            RecurringTask task;
            lock (_gate)
            {
                if (!IsIn(loop, KeyedLoopState.Waiting))
                    return;
                ref var row = ref _rows[loop.Row];
                (state, version, task) = (row.Saved, row.Version, _definitions[row.Definition].Task);
            }
            var due = ParkedPlanner.Plan(key, task, _group, ref state, before ?? task, isResumed);
            lock (_gate)
            {
                if (!IsIn(loop, KeyedLoopState.Waiting))
                    return; // it is running now, and its runner plans
                ref var row = ref _rows[loop.Row];
                if (version != row.Version)
                    continue;
                row.Saved = state;
                WaitUntil(due, _pacemaker.Time.GetTimestamp(), loop.Row);
                return;
            }
        }
    }

    private void WaitUntil(long due, long now, int number)
    {
        ref var row = ref _rows[number];
        row.State = KeyedLoopState.Waiting;
        row.Version++;
        _wheel.Remove(number);
        _wheel.AdvanceTo(_pacemaker.Scale.Reached(now));
        var tick = _pacemaker.Scale.DueAt(due);
        if (tick != TickScale.Never)
            tick = Math.Min(tick, _wheel.Now + LongestWait);
        _wheel.Add(number, tick);
        if (tick - _wheel.Now < _pacemaker.ShortWait)
            _promptUntil = Math.Max(_promptUntil, tick);
        ArmEarliest();
    }

    private void ArmEarliest()
    {
        if (_wheel.EarliestTick is var earliest && earliest >= _armedTick)
            return;
        _pacemaker.Arm(this, earliest, _promptUntil, _rings, _latest);
        (_armedTick, _rings, _latest) = (earliest, 0, 0);
    }

    private bool Has(LoopId loop) => _rows.Has(loop);

    private bool IsIn(LoopId loop, KeyedLoopState state) => Has(loop) && _rows[loop.Row].State == state;

    /// <summary>Finds the row after another one.</summary>
    /// <param name="number">The number of the row before; 0: the first one. Then that of the row that was found.</param>
    /// <param name="loop">Its loop; none when the row is free.</param>
    /// <returns>False when there is none.</returns>
    public bool TryGetNext(ref int number, out LoopId loop)
    {
        lock (_gate)
        {
            number = _rows.After(number);
            var isThere = number < _rows.End;
            loop = isThere ? _rows.At(number) : default;
            return isThere;
        }
    }
}
