namespace SafeLoop.Tests.History.Oracle;

/// <summary>Says what must be found of an instant of a task, from its model.</summary>
internal sealed class Judge(TaskModel model, DateTimeOffset now)
{
    private readonly List<SlotOutcome> _known = [.. model.Outcomes.Where(outcome => (outcome.Queued ?? outcome.Noticed) <= now)];
    private readonly TaskPlan _plan = model.Plan;

    public Expectation Expect(DateTimeOffset instant) => Case(instant) with
    {
        SlotBefore = Before(instant),
        SlotAfter = After(instant),
    };

    private bool HasEnded => model.Ended is var (at, _) && at <= now;

    private IEnumerable<DateTimeOffset> Future
    {
        get
        {
            if (HasEnded)
                return [];
            var last = _known.LastOrDefault();
            if (_plan.Delay is { } delay)
                return last is null || last.Ended > now ? [] : [last.Ended + delay];
            if (last is { HasChosen: true, PutOffTo: { } chosen })
                return model.SlotsFrom(chosen.AddTicks(1)).Prepend(chosen);
            var from = last is null ? model.From.AddTicks(_plan.Rule.Period > 0 ? 0 : 1) : last.Slot.AddTicks(1);
            return model.SlotsFrom(last?.PutOffTo ?? (from > now ? from : now.AddTicks(1)));
        }
    }

    private DateTimeOffset? Before(DateTimeOffset instant) => _known.Select(outcome => outcome.Slot)
        .Concat(Future.TakeWhile(slot => slot < instant)).Where(slot => slot < instant).Cast<DateTimeOffset?>().LastOrDefault();

    private DateTimeOffset? After(DateTimeOffset instant) =>
        _known.Select(outcome => outcome.Slot).Where(slot => slot > instant).Cast<DateTimeOffset?>().FirstOrDefault()
        ?? Future.Where(slot => slot > instant).Cast<DateTimeOffset?>().FirstOrDefault();

    private Expectation Case(DateTimeOffset instant)
    {
        if (_known.Find(outcome => outcome.Slot == instant) is { } outcome)
        {
            return outcome.Noticed > now ? OfQueued()
                : outcome.Ended > now ? OfRunning(outcome)
                : _plan.IsKey && !IsKept(outcome) ? OfKeyWithoutRecord()
                : OfRecorded(outcome, FailuresBefore(outcome));
        }
        var registered = _plan.IsKey ? LoopHost.Start : _plan.Registered;
        if (instant < registered)
            return new(SlotFinding.NotRegistered) { Until = registered, Phrase = "this host registered it at" };
        if (HasEnded && model.Ended is var (endedAt, end) && instant > endedAt)
        {
            return new(SlotFinding.Ended)
            {
                Since = endedAt,
                End = end,
                Cause = end is LoopEnd.StoppedByStep && !_plan.IsKey ? "all is done" : _plan.Stopped?.Reason,
                Phrase = end switch
                {
                    LoopEnd.ConditionMet => "because a While check returned false or an Until check true",
                    LoopEnd.StoppedByStep => "because a step stopped it",
                    LoopEnd.Stopped => "because it was stopped by hand",
                    _ => "because no slot was left",
                },
            };
        }
        if (instant < model.From || (instant == model.From && _plan.Rule.Period == 0))
            return new(SlotFinding.BeforeSchedule) { Until = model.From, Phrase = "its schedule counts from" };
        if (instant > _plan.EndAt)
            return new(SlotFinding.AfterEndAt) { Since = _plan.EndAt, Phrase = "none is after its EndAt" };
        if (_plan.Delay is not null)
        {
            return instant > now
                ? new(SlotFinding.NotKnownYet) { Phrase = "is not known yet: its slots depend on the end of the iteration" }
                : new(SlotFinding.NotDue) { Phrase = "its slots depend on the end of the iteration before (WithDelay)" };
        }
        if (!model.IsOnGrid(instant))
        {
            return model.IsDropped(instant)
                ? new(SlotFinding.DaylightSaving) { Phrase = " in " + _plan.Rule.Zone }
                : new(SlotFinding.NotDue)
                {
                    Phrase = instant > now ? "will not be due" : "was not due at",
                    Pause = PauseAt(instant),
                };
        }
        if (model.AwayAt(instant) is { } away)
            return new(SlotFinding.Excluded) { Cause = away.Name, Phrase = "is excluded by" };
        var last = _known.FindLast(one => one.Slot < instant);
        if (last is { HasChosen: true } && last.PutOffTo > instant)
            return new(SlotFinding.PassedOver) { Phrase = "a step selected its next slot" };
        if (last?.PutOffTo > instant)
        {
            return new(SlotFinding.BackOff)
            {
                Since = last.Ended,
                Until = last.PutOffTo,
                FailuresBefore = last.FailuresBefore + 1,
                Cause = "no number at",
                Pause = PauseAt(instant),
                Phrase = "its back-off put the next slot off to",
            };
        }
        return new(SlotFinding.Upcoming) { Phrase = "is yet to come", Pause = PauseAt(instant) };
    }

    // The pause that is in force now, of an instant that is yet to come.
    private TaskPause? PauseAt(DateTimeOffset instant) =>
        instant > now && model.PauseAt(now) is { } pause && !(pause.Until <= instant) ? pause : null;

    private static Expectation OfRunning(SlotOutcome outcome) =>
        new(SlotFinding.Running) { Since = outcome.Noticed, Phrase = "has no outcome yet: it has been running since" };

    // Of a key that no handle controls, the last failure is kept while it fails.
    private bool IsKept(SlotOutcome outcome) => outcome.Ended >= _plan.Pinned || (outcome.Outcome is IterationOutcome.Failed
        && outcome == _known.FindLast(one => one.Ran && one.Ended <= (_plan.Pinned ?? now)));

    // Of a key, how many failures came before is known only back to a success whose record is kept.
    private int? FailuresBefore(SlotOutcome outcome) =>
        !_plan.IsKey || _known.Exists(one => one.Outcome is IterationOutcome.Succeeded && one.Slot < outcome.Slot && IsKept(one))
            ? outcome.FailuresBefore
            : null;

    private Expectation OfKeyWithoutRecord() => new(SlotFinding.NotKept)
    {
        Phrase = _plan.Pinned is null
            ? "of a key, only the last failure is kept"
            : "of a key begin when its handle is first used",
    };

    private static Expectation OfQueued() =>
        new(SlotFinding.Queued) { Phrase = "has no outcome yet: it waits for the iteration that is running" };

    private Expectation OfRecorded(SlotOutcome outcome, int? failuresBefore)
    {
        var recorded = new Expectation(SlotFinding.Recorded) { Outcome = outcome, Phrase = "" };
        return (outcome.Outcome, outcome.Reason) switch
        {
            (IterationOutcome.Succeeded, _) => recorded with { Phrase = "ran and succeeded" },
            (IterationOutcome.Failed, _) => recorded with
            {
                FailuresBefore = failuresBefore,
                Phrase = $"ran and failed with 'FormatException: no number at {outcome.Slot:u}'",
            },
            (IterationOutcome.TimedOut, _) => recorded with
            {
                FailuresBefore = failuresBefore,
                Phrase = "its time limit is 01:59:53",
            },
            (_, OutcomeReason.Paused) => recorded with
            {
                Pause = outcome.Pause,
                Since = outcome.Pause!.Since,
                Until = outcome.Pause.Until,
                Phrase = $"({outcome.Pause.Reason.TrimEnd('.')})",
            },
            (_, OutcomeReason.Disabled) => recorded with { Cause = "the option Enabled", Phrase = "was disabled" },
            (_, OutcomeReason.Missed) => recorded with
            {
                Until = outcome.Noticed,
                Cause = _plan.IsKey ? null : "The clock went forward|The process did not run", // a key does not keep its readings
                Phrase = " late (",
            },
            (_, OutcomeReason.LockHeld) => recorded with
            {
                Cause = $"task '{outcome.Holder!.Value.Task}'",
                Phrase = "another owner held its lock 'door'",
            },
            (_, OutcomeReason.Replaced) => recorded with { Phrase = "because a newer run took its place" },
            (_, OutcomeReason.Cancelled) => recorded with { Phrase = "was cancelled by hand" },
            (_, OutcomeReason.ConditionFalse) => recorded with { Phrase = "a While check returned false" },
            (_, OutcomeReason.BufferFull) => recorded with { Phrase = "because the buffer of waiting slots" },
            (_, OutcomeReason.PreviousRunning) => recorded with { Phrase = "came due while the previous iteration was running" },
            _ => throw new InvalidOperationException($"{outcome}"),
        };
    }
}
