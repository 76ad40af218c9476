namespace SafeLoop;

/// <summary>The queued runs of a loop. Enqueues a due slot or a run by hand, or records it as skipped.</summary>
internal sealed class RunQueue(LoopSchedule schedule, LoopLog log, ILoopStore? store = null)
{
    private readonly Queue<PendingRun> _runs = new(1);
    private (TaskPause? Pause, string? Text) _pauseText; // written once for each pause

    public int Count => _runs.Count;

    /// <summary>The first queued slot; null when only runs by hand are queued, or nothing is.</summary>
    public PendingRun? FirstSlot
    {
        get
        {
            foreach (var run in _runs)
            {
                if (run.Manual is null)
                    return run;
            }
            return null;
        }
    }

    private RecurringTask Task => schedule.Task;

    private RecurringTaskOptions Options => schedule.Task.Options;

    public bool TryTake(out PendingRun run) => _runs.TryDequeue(out run);

    /// <summary>Decides for each slot that is due whether it runs. Enqueues it, or records why it is skipped.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="running">The number of iterations that were running when the slots came due.</param>
    /// <param name="pause">The pause of the task, so that slots are skipped; null: it is not paused.</param>
    /// <param name="clockJump">By how much the wall clock was set forward since the loop read it last; null: unknown.</param>
    /// <returns>True when the caller must cancel the running iterations, because a newer slot replaces them.</returns>
    public bool EnqueueDue(Instant now, int running, TaskPause? pause, TimeSpan? clockJump)
    {
        if (!schedule.TryTakeDue(now, out var first, out var due))
            return false;

        if (TrySkip(first, due, pause, now))
            return false;
        if (Task.IsParallel && running >= Options.Overlap.Max)
        {
            log.Skip(due.Count, due.Latest, OutcomeReason.BufferFull, now, first.Slot);
        }
        else if (running > 0 && !Task.IsParallel)
        {
            return ApplyOverlapPolicy(first, due, now);
        }
        else if (due.Count == 1 && Options.Missed is { Policy: MissedSlots.RunLatest, Window: null }
            && !schedule.WasHostDown(first.Slot))
        {
            Enqueue(due.Latest, !first.IsBySchedule); // the usual case, in which no slot was missed
        }
        else
        {
            ApplyMissedPolicy(first, due, now, clockJump);
        }
        return false;
    }

    /// <summary>Enqueues a run by hand. It obeys overlap like any slot, but not the pause.</summary>
    /// <returns>True when the caller must cancel the running iterations, because this run replaces them.</returns>
    public bool EnqueueManual(ManualRun manual, Instant now, int running)
    {
        var run = new PendingRun(now, manual);
        if (manual.IsCancelled || !Options.Enabled)
        {
            Drop(run, manual.IsCancelled ? OutcomeReason.Cancelled : OutcomeReason.Disabled, now);
            return false;
        }

        // Queued runs count as running, so that runs that arrive together are treated like runs that arrive one by one.
        var ahead = running + _runs.Count - Task.MostParallel;
        var rule = ahead < 0 ? new OverlapRule(1, false, default) : OverlapRule.Decide(Options, 1, ahead);
        if (rule.ShouldCancel)
            DropAll(OutcomeReason.PreviousRunning, now);
        if (rule.RunCount == 0 || (Task.IsParallel && ahead >= 0))
            Drop(run, rule.DropReason, now);
        else if (schedule.TakeManualSlot(now) is { IsNone: false } slot)
            _runs.Enqueue(run with { Slot = slot });
        else
            Drop(run, OutcomeReason.BufferFull, now);
        return rule.ShouldCancel;
    }

    /// <summary>Records a run that does not take place, and completes it if it is a run by hand.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reason">Why it does not take place.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="pause">The pause that is the reason; null: another is.</param>
    public void Drop(PendingRun run, OutcomeReason reason, Instant now, TaskPause? pause = null)
    {
        var isByHand = run.Manual is not null;
        var error = reason is OutcomeReason.Disabled ? Options.WhyDisabled ?? (isByHand ? "The loop has ended." : null)
            : pause is null ? null
            : TextOf(pause);
        var record = log.Drop(run.Slot, reason, now, isByHand, error);
        schedule.Invalidate();
        run.Manual?.Complete(record);
    }

    public void DropAll(OutcomeReason reason, Instant now)
    {
        while (_runs.TryDequeue(out var run))
            Drop(run, reason, now);
    }

    /// <summary>
    /// Makes the queued slots due again for the host to which the loop moves. Runs by hand stay, and so do slots before one that
    /// was skipped: the next host would skip that one again.
    /// </summary>
    public void ReturnSlots()
    {
        for (var left = _runs.Count; left > 0; left--)
        {
            var run = _runs.Dequeue();
            if (run.Manual is not null || !schedule.TryReturn(run.Slot, run.IsChosen))
                _runs.Enqueue(run);
        }
    }

    /// <summary>
    /// Called when the loop ends. Records the slots that have come but wait for their jitter or were not processed yet.
    /// </summary>
    /// <param name="reason">Why they do not run.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="pause">The pause of the task, so that they would not have run; null: it is not paused.</param>
    public void DropDueSlots(OutcomeReason reason, Instant now, TaskPause? pause)
    {
        if (!schedule.TryMakeDue(now) || !schedule.TryTakeDue(now, out var first, out var due))
            return;
        if (!TrySkip(first, due, pause, now))
            log.Drop(due.Latest, reason, now, byHand: false, count: due.Count, firstSlot: first.Slot);
    }

    /// <summary>Drops the queued runs by hand that their callers have cancelled.</summary>
    public void DropCancelled(Instant now)
    {
        for (var left = _runs.Count; left > 0; left--)
        {
            var run = _runs.Dequeue();
            if (run.IsCancelled)
                Drop(run, OutcomeReason.Cancelled, now);
            else
                _runs.Enqueue(run);
        }
    }

    // Skips the slots of a disabled or paused task.
    private bool TrySkip(in PlannedSlot first, DueSlots due, TaskPause? pause, Instant now)
    {
        if (Options.WhyDisabled is { } disabled)
            log.Skip(due.Count, due.Latest, OutcomeReason.Disabled, now, first.Slot, disabled);
        else if (pause is not null)
            log.Skip(due.Count, due.Latest, OutcomeReason.Paused, now, first.Slot, TextOf(pause));
        else
            return false;
        return true;
    }

    private string TextOf(TaskPause pause)
    {
        if (!ReferenceEquals(_pauseText.Pause, pause))
            _pauseText = (pause, PauseText.Write(pause));
        return _pauseText.Text!;
    }

    // For slots that came due while an iteration was running. OverlapRule has the numbers.
    private bool ApplyOverlapPolicy(in PlannedSlot first, DueSlots due, Instant now)
    {
        var (rule, firstDropped) = (OverlapRule.Decide(Options, due.Count, _runs.Count), first.Slot);
        if (rule.ShouldCancel)
        {
            DropAll(OutcomeReason.PreviousRunning, now);
            Enqueue(due.Latest, !first.IsBySchedule);
        }
        else
        {
            firstDropped = EnqueueSlots(first.Slot, rule.RunCount, !first.IsBySchedule);
        }

        if (due.Count > rule.RunCount)
        {
            var latest = rule.ShouldCancel ? BeforeOr(due.Latest, first.Slot) : due.Latest;
            log.Skip(due.Count - rule.RunCount, latest, rule.DropReason, now, firstDropped);
        }
        return rule.ShouldCancel;
    }

    // For slots that came due while no iteration was running. MissedRule has the numbers.
    private void ApplyMissedPolicy(in PlannedSlot first, DueSlots due, Instant now, TimeSpan? clockJump)
    {
        var onTime = first.Due > first.Slot ? now - (first.Due - first.Slot) : now; // jitter does not count as lateness
        var wasDown = schedule.WasHostDown(first.Slot);
        var gap = due.Count > 1 || Options.Missed.Policy is not MissedSlots.RunLatest
            ? schedule.Task.Rules.GapAfter(due.Latest)
            : null;
        var window = MissedRule.WindowOf(Options, gap, wasDown);
        var most = MissedRule.SlotsToRun(Options, due.Count, onTime - due.Latest, window);

        var (oldest, run) = OldestToRun(due.Latest, most, onTime, window);
        if (due.Count > run)
        {
            var latest = run == 0 ? due.Latest : BeforeOr(oldest, first.Slot);
            log.Skip(
                due.Count - run,
                latest,
                wasDown ? OutcomeReason.HostDown : OutcomeReason.Missed,
                now,
                first.Slot,
                wasDown ? null : MissedText.WhyLate(now - first.Slot, clockJump));
        }
        EnqueueSlots(oldest, run, !first.IsBySchedule);
    }

    // The latest slot, and those before it as far as the window reaches.
    private (Instant Oldest, long Count) OldestToRun(Instant latest, long most, Instant onTime, TimeSpan? window)
    {
        var (oldest, count) = (latest, Math.Min(most, 1));
        while (count < most && schedule.Before(oldest) is { IsNone: false } older && !(onTime - older > window))
            (oldest, count) = (older, count + 1);
        return (oldest, count);
    }

    /// <returns>The slot after the last of them.</returns>
    private Instant EnqueueSlots(Instant slot, long count, bool isChosen)
    {
        for (; count > 0 && !slot.IsNever; count--, slot = schedule.After(slot))
            Enqueue(slot, isChosen);
        return slot;
    }

    private void Enqueue(Instant slot, bool isChosen)
    {
        if (!isChosen && Options.SurviveRestarts is not null)
            store?.Reserve(Task, log.Keyed, slot);
        _runs.Enqueue(new(slot, IsChosen: isChosen));
    }

    private Instant BeforeOr(Instant slot, Instant otherwise) =>
        schedule.Before(slot) is { IsNone: false } before ? before : otherwise;
}
