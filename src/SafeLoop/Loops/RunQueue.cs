namespace SafeLoop;

/// <summary>
/// The runs that start as soon as they can. A due slot or a run by hand is enqueued here or recorded as skipped.
/// </summary>
internal sealed class RunQueue(LoopSchedule schedule, LoopLog log)
{
    private readonly Queue<PendingRun> _runs = new(1);

    public int Count => _runs.Count;

    private RecurringTask Task => schedule.Task;

    private RecurringTaskOptions Options => schedule.Task.Options;

    public bool TryTake(out PendingRun run) => _runs.TryDequeue(out run);

    /// <summary>Decides for each slot that is due whether it runs. Enqueues it, or records why it is skipped.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="running">How many iterations are running, or were when the slots came due.</param>
    /// <param name="paused">True: slots are skipped.</param>
    /// <returns>True when a running iteration is to be cancelled, because a newer slot replaces it.</returns>
    public bool EnqueueDue(Instant now, int running, bool paused)
    {
        if (!schedule.TryTakeDue(now, out var first, out var due))
            return false;

        if (!Options.Enabled)
            log.Skip(due.Count, due.Latest, OutcomeReason.Disabled, now);
        else if (paused)
            log.Skip(due.Count, due.Latest, OutcomeReason.Paused, now);
        else if (Task.IsParallel && running >= Options.Overlap.Max)
            log.Skip(due.Count, due.Latest, OutcomeReason.BufferFull, now);
        else if (running > 0 && !Task.IsParallel)
            return ApplyOverlapPolicy(first, due, now);
        else if (due.Count == 1 && Options.Missed is { Policy: MissedSlots.RunLatest, Window: null })
            _runs.Enqueue(new(due.Latest, IsChosen: !first.IsBySchedule)); // the usual case, in which no slot was missed
        else
            ApplyMissedPolicy(first, due, now);
        return false;
    }

    /// <summary>Enqueues a run by hand. It obeys overlap like any slot, but not the pause.</summary>
    /// <returns>True when a running iteration is to be cancelled, because this one replaces it.</returns>
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

    /// <summary>Records a run that does not take place, and answers its caller.</summary>
    public void Drop(PendingRun run, OutcomeReason reason, Instant now)
    {
        var isByHand = run.Manual is not null;
        var error = isByHand && reason is OutcomeReason.Disabled ? Options.WhyDisabled ?? "The loop has ended." : null;
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
    /// Called when the loop ends. Records the slots that have come but wait for their jitter or were not processed.
    /// </summary>
    /// <param name="reason">Why they do not run.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="paused">True: they would not have run anyway.</param>
    public void DropDueSlots(OutcomeReason reason, Instant now, bool paused)
    {
        if (!schedule.TryMakeDue(now) || !schedule.TryTakeDue(now, out _, out var due))
            return;
        if (!Options.Enabled)
            log.Skip(due.Count, due.Latest, OutcomeReason.Disabled, now);
        else if (paused)
            log.Skip(due.Count, due.Latest, OutcomeReason.Paused, now);
        else
            log.Drop(due.Latest, reason, now, byHand: false, count: due.Count);
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

    // Slots that came due while an iteration was running. OverlapRule has the numbers.
    private bool ApplyOverlapPolicy(in PlannedSlot first, DueSlots due, Instant now)
    {
        var rule = OverlapRule.Decide(Options, due.Count, _runs.Count);
        if (rule.ShouldCancel)
        {
            DropAll(OutcomeReason.PreviousRunning, now);
            _runs.Enqueue(new(due.Latest, IsChosen: !first.IsBySchedule));
        }
        else
        {
            Queue(first.Slot, rule.RunCount, !first.IsBySchedule);
        }

        if (due.Count > rule.RunCount)
        {
            var latest = rule.ShouldCancel ? BeforeOr(due.Latest, first.Slot) : due.Latest;
            log.Skip(due.Count - rule.RunCount, latest, rule.DropReason, now);
        }
        return rule.ShouldCancel;
    }

    // Slots that came due while nothing was running. MissedRule has the numbers.
    private void ApplyMissedPolicy(in PlannedSlot first, DueSlots due, Instant now)
    {
        var onTime = first.Due > first.Slot ? now - (first.Due - first.Slot) : now; // jitter is no lateness
        var gap = due.Count > 1 || Options.Missed.Policy is not MissedSlots.RunLatest
            ? schedule.Task.Rules.GapAfter(due.Latest)
            : null;
        var most = MissedRule.SlotsToRun(Options, due.Count, onTime - due.Latest, gap);

        var (run, oldest) = (Math.Min(most, 1), due.Latest);
        while (run < most && schedule.Before(oldest) is { IsNone: false } older && !(onTime - older > Options.Missed.Window))
        {
            oldest = older;
            run++;
        }

        if (due.Count > run)
        {
            var latest = run == 0 ? due.Latest : BeforeOr(oldest, first.Slot);
            log.Skip(due.Count - run, latest, OutcomeReason.Missed, now, first.Slot);
        }
        Queue(oldest, run, !first.IsBySchedule);
    }

    private void Queue(Instant slot, long count, bool isChosen)
    {
        for (; count > 0 && !slot.IsNever; count--, slot = schedule.After(slot))
            _runs.Enqueue(new(slot, IsChosen: isChosen));
    }

    private Instant BeforeOr(Instant slot, Instant otherwise) =>
        schedule.Before(slot) is { IsNone: false } before ? before : otherwise;
}
