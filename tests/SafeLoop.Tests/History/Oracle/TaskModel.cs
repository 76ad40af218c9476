namespace SafeLoop.Tests.History.Oracle;

/// <summary>What a task did in the year, computed slot by slot from the plan: no code of SafeLoop is called.</summary>
internal sealed class TaskModel
{
    private readonly Year _year;
    private readonly TaskModel? _other;
    private readonly (bool[] IsSlot, bool[] IsDropped) _grid;
    private readonly List<SlotOutcome> _outcomes = [];
    private readonly Queue<DateTimeOffset> _waiting = [];
    private readonly Queue<DateTimeOffset> _cancels;
    private int _failures;
    private int _failuresSinceResume;
    private DateTimeOffset _floor = DateTimeOffset.MinValue;
    private DateTimeOffset? _chosen;
    private readonly List<(TaskPause Pause, DateTimeOffset Ended)> _afterFailures = [];

    /// <param name="year">The year.</param>
    /// <param name="plan">The task.</param>
    /// <param name="other">The task that shares its lock, whose slots come first; null: none.</param>
    public TaskModel(Year year, TaskPlan plan, TaskModel? other)
    {
        (_year, Plan, _other, _grid) = (year, plan, other, plan.Rule.Compute());
        _cancels = new(plan.Cancels.Order());
        if (plan.Delay is { } delay)
            LiveWithDelay(delay);
        else
            Live();
        CatchUp(DateTimeOffset.MaxValue);
        _outcomes.Sort((one, other) => one.Slot.CompareTo(other.Slot));
    }

    public TaskPlan Plan { get; }

    public IReadOnlyList<SlotOutcome> Outcomes => _outcomes;

    /// <summary>When its loop ended by itself or by hand; null: it has not.</summary>
    public (DateTimeOffset At, LoopEnd End)? Ended { get; private set; }

    /// <summary>The instant from which the present schedule counts.</summary>
    public DateTimeOffset From => Plan.ChangedAt ?? Plan.Registered;

    public bool IsOnGrid(DateTimeOffset instant) => LocalCalendar.MinuteOf(instant) is { } minute && _grid.IsSlot[minute];

    public bool IsDropped(DateTimeOffset instant) => LocalCalendar.MinuteOf(instant) is { } minute && _grid.IsDropped[minute];

    /// <summary>The first exclusion that contains a whole minute.</summary>
    public TimeAway? AwayAt(DateTimeOffset instant)
    {
        var wall = WallOf(instant);
        return Plan.Away.Find(away => away.Contains(wall));
    }

    public DateTime WallOf(DateTimeOffset instant) =>
        LocalCalendar.Wall(LocalCalendar.Of(Plan.Rule.Zone).Local[LocalCalendar.MinuteOf(instant)!.Value]);

    /// <summary>The slots of the present schedule that are allowed, from an instant on.</summary>
    public IEnumerable<DateTimeOffset> SlotsFrom(DateTimeOffset from) =>
        SlotsOf(_grid.IsSlot, from).Where(slot => AwayAt(slot) is null && !(slot > Plan.EndAt));

    private static IEnumerable<DateTimeOffset> SlotsOf(bool[] grid, DateTimeOffset from)
    {
        var first = (int)Math.Ceiling((from - LocalCalendar.Base).TotalMinutes);
        for (var minute = Math.Max(0, first); minute < grid.Length; minute++)
        {
            if (grid[minute])
                yield return LocalCalendar.At(minute);
        }
    }

    private IEnumerable<DateTimeOffset> AllSlots()
    {
        var first = Plan.FirstRule is { } before
            ? SlotsOf(before.Compute().IsSlot, Plan.Registered.AddTicks(1)).TakeWhile(slot => slot <= Plan.ChangedAt)
            : [];
        return first.Concat(SlotsFrom(Plan.Rule.Period > 0 ? From : From.AddTicks(1)));
    }

    private void Live()
    {
        var end = Plan.Stopped?.At ?? Year.End;
        var asleep = new List<DateTimeOffset>();
        (DateTimeOffset From, DateTimeOffset To)? sleep = null;
        foreach (var slot in AllSlots())
        {
            if (sleep is { } slept && slot > slept.To)
            {
                WakeUp(asleep, slept.To);
                sleep = null;
            }
            if (slot > end || Ended is not null)
                break;
            while (_chosen < slot)
                MeetChosen();
            if (slot < _floor || slot < _chosen)
                continue;
            if (_year.Sleeps.Exists(one => slot > one.From && slot <= one.To))
            {
                sleep = _year.Sleeps.Find(one => slot > one.From && slot <= one.To);
                asleep.Add(slot);
                continue;
            }
            Meet(slot, slot);
        }
        if (sleep is { } last)
            WakeUp(asleep, last.To);
        while (_chosen <= end)
            MeetChosen();
        Ended ??= Plan.Stopped is var (at, _) ? (at, LoopEnd.Stopped)
            : Plan.EndAt < Year.End ? (_outcomes[^1].Ended, LoopEnd.Completed)
            : null;
    }

    private void MeetChosen()
    {
        var chosen = _chosen!.Value;
        _chosen = null;
        Meet(chosen, chosen);
    }

    private void LiveWithDelay(TimeSpan delay)
    {
        for (var slot = Plan.Registered; slot <= Year.End; slot = _outcomes[^1].Ended + delay)
        {
            var sleep = _year.Sleeps.Find(one => slot > one.From && slot <= one.To);
            _outcomes.Add(Run(slot, sleep == default ? slot : sleep.To));
        }
    }

    private void WakeUp(List<DateTimeOffset> slots, DateTimeOffset now)
    {
        var skipped = WhySkipped(now);
        foreach (var slot in slots[..^1])
            _outcomes.Add(skipped is null ? Skip(slot, now, OutcomeReason.Missed) : skipped with { Slot = slot });
        Meet(slots[^1], now);
        slots.Clear();
    }

    /// <summary>The pause in force at an instant.</summary>
    public TaskPause? PauseAt(DateTimeOffset now) => Plan.Pauses.Concat(_afterFailures)
        .Where(one => now >= one.Pause.Since && now < one.Ended).Select(one => one.Pause).FirstOrDefault();

    private SlotOutcome? WhySkipped(DateTimeOffset now)
    {
        if (Plan.Disabled.Exists(stretch => now >= stretch.From && now < stretch.To))
            return Skip(now, now, OutcomeReason.Disabled);
        return PauseAt(now) is { } pause ? Skip(now, now, OutcomeReason.Paused) with { Pause = pause } : null;
    }

    private void Meet(DateTimeOffset slot, DateTimeOffset now)
    {
        CatchUp(now);
        var running = _outcomes.Where(outcome => IsRunning(outcome, now)).ToList();
        if (WhySkipped(now) is { } skipped)
            _outcomes.Add(skipped with { Slot = slot });
        else if (Plan.WhileBefore <= now)
            End(Skip(slot, now, OutcomeReason.ConditionFalse));
        else if (running.Count > 0 && Plan.Overlap is not Overlap.Skip)
            MeetOverlapping(slot, now, running);
        else if (running.Count > 0)
            _outcomes.Add(Skip(slot, now, OutcomeReason.PreviousRunning));
        else if (_other?.RunningAt(now) is { } holder)
            _outcomes.Add(Skip(slot, now, OutcomeReason.LockHeld) with { Holder = (_other.Plan.Name, holder.Slot) });
        else
            _outcomes.Add(Run(slot, now));
    }

    private void MeetOverlapping(DateTimeOffset slot, DateTimeOffset now, List<SlotOutcome> running)
    {
        var (isBuffered, isParallel) = (Plan.Overlap is Overlap.BufferOne or Overlap.BufferAll, Plan.Overlap is Overlap.Allow);
        if ((isBuffered && _waiting.Count >= Plan.MostOverlapping) || (isParallel && running.Count >= Plan.MostOverlapping))
        {
            _outcomes.Add(Skip(slot, now, OutcomeReason.BufferFull));
        }
        else if (isBuffered)
        {
            _waiting.Enqueue(slot);
        }
        else
        {
            if (!isParallel)
                Interrupt(running[0], now, OutcomeReason.Replaced);
            _outcomes.Add(Run(slot, now));
        }
    }

    // What happened before an instant without a new slot: cancellations by hand, and the starts of slots that waited.
    private void CatchUp(DateTimeOffset now)
    {
        for (; _cancels.TryPeek(out var at) && at <= now; _cancels.Dequeue())
        {
            if (_outcomes.Find(outcome => IsRunning(outcome, at)) is { } cancelled)
                Interrupt(cancelled, at, OutcomeReason.Cancelled);
        }
        while (_waiting.TryPeek(out var slot) && _outcomes.Where(outcome => outcome.Ran).Max(outcome => outcome.Ended) <= now)
        {
            var start = _outcomes.Where(outcome => outcome.Ran).Max(outcome => outcome.Ended);
            _outcomes.Add(Run(slot, start) with { Queued = slot });
            _waiting.Dequeue();
        }
    }

    private void Interrupt(SlotOutcome running, DateTimeOffset now, OutcomeReason reason) =>
        _outcomes[_outcomes.IndexOf(running)] = running with
        {
            Outcome = IterationOutcome.Interrupted,
            Reason = reason,
            Ended = now,
        };

    private void End(SlotOutcome last)
    {
        _outcomes.Add(last);
        Ended = (last.Noticed, LoopEnd.ConditionMet);
    }

    private static bool IsRunning(SlotOutcome outcome, DateTimeOffset now) =>
        outcome.Ran && outcome.Noticed <= now && outcome.Ended > now;

    public SlotOutcome? RunningAt(DateTimeOffset now) => _outcomes.Find(outcome => IsRunning(outcome, now));

    private SlotOutcome Run(DateTimeOffset slot, DateTimeOffset now)
    {
        var (fails, takes) = _year.Behaviour.Of(Plan, slot);
        var isTimedOut = takes > Plan.Timeout;
        var outcome = isTimedOut ? IterationOutcome.TimedOut : fails ? IterationOutcome.Failed : IterationOutcome.Succeeded;
        var result = new SlotOutcome(slot, outcome, OutcomeReason.None, now)
        {
            Ended = now + (isTimedOut ? Plan.Timeout!.Value : takes),
            FailuresBefore = _failures,
        };
        if (outcome is IterationOutcome.Succeeded)
        {
            if (slot >= Plan.Done)
                Ended = (result.Ended, LoopEnd.StoppedByStep);
            (_failures, _failuresSinceResume) = (0, 0);
            if (_year.Behaviour.Chooses(Plan, slot) is not { } choice)
                return result;
            _chosen = now + choice;
            return result with { HasChosen = true, PutOffTo = _chosen };
        }
        _failures++;
        if (++_failuresSinceResume == Plan.PauseAfter)
        {
            var resumed = _year.Resumes.Where(at => at > now).DefaultIfEmpty(DateTimeOffset.MaxValue).First();
            _afterFailures.Add((new() { Reason = $"{Plan.PauseAfter} failures in a row.", Since = result.Ended }, resumed));
            _failuresSinceResume = 0;
        }
        if (Plan.BackOff is not { } first)
            return result;
        var pause = TimeSpan.FromTicks((long)Math.Min(first.Ticks * Math.Pow(2, _failures - 1), first.Ticks * 8));
        _floor = result.Ended + pause;
        return result with { PutOffTo = SlotsFrom(_floor).FirstOrDefault() };
    }

    private static SlotOutcome Skip(DateTimeOffset slot, DateTimeOffset now, OutcomeReason reason) =>
        new(slot, IterationOutcome.Skipped, reason, now);
}
