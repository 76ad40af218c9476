namespace SafeLoop;

/// <summary>Answers "when next?" for one definition of a task: its policy, what a step chose, back-off, exclusions, bounds and jitter, in that order.</summary>
internal sealed class SlotPlanner(RecurringTaskOptions options, IDelayPolicy policy, string name, Func<double> random)
{
    private static readonly TimeSpan AfterBrokenPolicy = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CronSpread = TimeSpan.FromMinutes(1);

    private readonly ISlotGrid? _rhythm = policy as ISlotGrid;
    private readonly AllowedSlots? _allowed = AllowedSlots.Of(policy, options);
    private (DateTimeOffset Slot, TimeSpan Delay) _jitter;
    private (long Iterations, DateTimeOffset? Ended, TimeSpan Pause) _backOff;
    private (DateTimeOffset? LastSlot, DateTimeOffset Until) _broken;

    /// <summary>True when the next slot is known while an iteration is running.</summary>
    public bool KnowsSlotsAhead => _rhythm is not null;

    /// <summary>True when the schedule depends on the wall clock, because some of its times are excluded.</summary>
    public bool HasExclusions => _allowed is not null;

    /// <summary>True when the next slot is counted from the end of the last iteration, so that iterations cannot overlap.</summary>
    public bool CountsFromTheEnd => policy is FixedDelay or Continuous;

    /// <summary>From when on a schedule that starts now counts.</summary>
    public DateTimeOffset PlannedFrom(DateTimeOffset now, DateTimeOffset? startAt)
    {
        var from = Instants.Add(now, options.StartAfter) ?? DateTimeOffset.MaxValue;
        if (startAt is { } start)
        {
            from = start < from && policy is FixedRate grid ? grid.AtOrAfter(start, from) ?? from
                : start < from ? from
                : policy is CronDelay ? start.AddTicks(-1) // which looks for slots after this, and the start itself may be one
                : start;
        }
        return options.Spread && Period is { } period ? Instants.Add(from, period * StableHash.Share(name)) ?? DateTimeOffset.MaxValue : from;
    }

    /// <summary>The next slot; null when there is none.</summary>
    /// <param name="history">What happened so far.</param>
    /// <param name="chosen">The slot a step chose, on the loop's clock; null: the schedule decides.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="endAt">No slot is after this.</param>
    /// <param name="fault">Told when the policy breaks its contract.</param>
    public PlannedSlot? Next(LoopHistory history, DateTimeOffset? chosen, DateTimeOffset now, DateTimeOffset? endAt, Action<string, Exception?> fault)
    {
        var runsAtStart = options.RunOnStart && history.LastPlannedSlot is null;
        var bySchedule = chosen is null && !runsAtStart;
        var candidate = chosen ?? (runsAtStart ? AtStart(history) : Ask(history, now, fault));
        if (candidate is not { } slot)
            return null;

        if (bySchedule)
            slot = AfterBackOff(slot, history) ?? DateTimeOffset.MaxValue;

        if (_allowed is not null)
        {
            if (Allowed(slot, bySchedule, fault) is not { } allowed)
                return null;
            slot = allowed;
        }

        // Due before the bump: a loop without a pause goes on at once even if the clock has not ticked since.
        var due = slot + DelayOf(slot, history);
        if (history.LastSlot is { } last && slot <= last)
            slot = Instants.JustAfter(last);

        return slot > endAt || slot == DateTimeOffset.MaxValue ? null : new PlannedSlot(slot, due, bySchedule);
    }

    /// <summary>The slots that have come due by <paramref name="now"/>, <paramref name="planned"/> being the first of them.</summary>
    public DueSlots DueSlots(PlannedSlot planned, DateTimeOffset now, DateTimeOffset? endAt)
    {
        // As late as the first was made by jitter, the others are too: jitter alone makes no slot a missed one.
        var due = planned.Due > planned.Slot ? now - (planned.Due - planned.Slot) : now;
        if (Grid is null || !planned.BySchedule || due <= planned.Slot)
            return new(1, planned.Slot);
        return Grid.Count(planned.Slot, endAt is { } end && end < due ? end : due);
    }

    /// <summary>The slot after one of the schedule; null when it is not known ahead.</summary>
    public DateTimeOffset? After(DateTimeOffset slot) => After(Grid, slot);

    /// <summary>The distance from a slot of the schedule to the next one, excluded or not: its rhythm. Null when it is not known ahead.</summary>
    public TimeSpan? GapAfter(DateTimeOffset slot) => After(_rhythm, slot) - slot;

    /// <summary>The slot before one of the schedule.</summary>
    public DateTimeOffset? Before(DateTimeOffset slot) => Grid?.Before(slot, slot);

    /// <summary>How far the wall clock, of which exclusions speak, is ahead of the loop's; only for a schedule that has some.</summary>
    public TimeSpan WallShift
    {
        set => _allowed!.WallShift = value;
    }

    /// <summary>The slots of the schedule that are not excluded.</summary>
    private ISlotGrid? Grid => _rhythm is null ? null : (ISlotGrid?)_allowed ?? _rhythm;

    // One that starts again may begin with the instant of its last slot; the slot is then counted after it.
    private bool IsInterval => policy is FixedRate or FixedDelay or Continuous;

    private TimeSpan? Period => options.Every ?? options.Delay;

    private DateTimeOffset? Ask(LoopHistory history, DateTimeOffset now, Action<string, Exception?> fault)
    {
        try
        {
            var next = policy.Next(history, now)?.ToUniversalTime();
            if (next is null || history.LastSlot is not { } last || next > last || next > now || IsInterval)
                return NotBeforeStart(next, history);

            // Invariant: next > previous. A policy that breaks it would make the loop spin.
            return AfterBreak(history, now, $"The delay policy answered {next:O}, which is not after the last slot {last:O}", null, fault);
        }
        catch (Exception error) // a policy is the user's code; the loop outlives it
        {
            return AfterBreak(history, now, "The delay policy threw", error, fault);
        }
    }

    // Told once per slot, so that asking again does not move the slot either.
    private DateTimeOffset? AfterBreak(LoopHistory history, DateTimeOffset now, string text, Exception? error, Action<string, Exception?> fault)
    {
        var until = Instants.Add(Instants.Max(now, history.LastSlot ?? now), AfterBrokenPolicy) ?? DateTimeOffset.MaxValue;
        if (_broken.Until == default || _broken.Until > until || _broken.LastSlot != history.LastSlot)
        {
            fault($"{text}; the loop goes on in {AfterBrokenPolicy}.", error);
            _broken = (history.LastSlot, until);
        }
        return NotBeforeStart(_broken.Until, history);
    }

    // Of a cron schedule that starts at an instant, PlannedFrom is just before it.
    private DateTimeOffset AtStart(LoopHistory history) =>
        policy is CronDelay && options.StartAt is { } start ? Instants.Max(history.PlannedFrom, start.ToUniversalTime()) : history.PlannedFrom;

    // A policy of the user's own may not look at where the schedule starts.
    private DateTimeOffset? NotBeforeStart(DateTimeOffset? slot, LoopHistory history) =>
        slot < history.PlannedFrom && (options.StartAt is not null || options.StartAfter > TimeSpan.Zero) ? history.PlannedFrom : slot;

    private DateTimeOffset? AfterBackOff(DateTimeOffset slot, LoopHistory history)
    {
        if (history.ConsecutiveFailures == 0 || options.BackOffInitial is null || history.LastEnded is not { } ended)
            return slot;

        // Drawn once per failure, so that asking again does not move the slot.
        if (_backOff.Iterations != history.ConsecutiveFailures || _backOff.Ended != ended)
            _backOff = (history.ConsecutiveFailures, ended, BackOff.After(history.ConsecutiveFailures, options, random));

        return Instants.Add(ended, _backOff.Pause) is not { } floor ? null
            : floor <= slot ? slot
            : _rhythm is null ? floor
            : _rhythm.AtOrAfter(slot, floor);
    }

    private static DateTimeOffset? After(ISlotGrid? grid, DateTimeOffset slot) =>
        grid?.AtOrAfter(slot, Instants.JustAfter(slot)) is { } next && next > slot ? next : null;

    private DateTimeOffset? Allowed(DateTimeOffset slot, bool bySchedule, Action<string, Exception?> fault)
    {
        var allowed = _allowed!.From(slot, onGrid: bySchedule && _rhythm is not null);
        if (_allowed.TakeFailure() is { } error)
            fault("An exclusion threw; the day it was asked about is not excluded.", error);
        return allowed;
    }

    private TimeSpan DelayOf(DateTimeOffset slot, LoopHistory history)
    {
        if (options.Jitter == TimeSpan.Zero && !(options.Spread && policy is CronDelay))
            return TimeSpan.Zero;
        if (_jitter.Slot == slot)
            return _jitter.Delay;

        // Never past the next slot, or the order of slots would be lost.
        var most = GapAfter(slot) ?? (DateTimeOffset.MaxValue - slot);
        var delay = (options.Jitter < most ? options.Jitter : most) * random();
        if (options.Spread && policy is CronDelay)
            delay += CronSpread * StableHash.Share(name);
        if (delay >= most)
            delay = most > TimeSpan.Zero ? most - TimeSpan.FromTicks(1) : TimeSpan.Zero;

        _jitter = (slot, delay);
        return delay;
    }
}
