namespace SafeLoop;

/// <summary>Answers "when next?" for one definition of a task: its policy, what a step chose, back-off, exclusions, bounds and jitter, in that order.</summary>
internal sealed class SlotPlanner
{
    private static readonly TimeSpan AfterBrokenPolicy = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CronSpread = TimeSpan.FromMinutes(1);

    private readonly string _name;
    private readonly Func<double> _random;
    private RecurringTaskOptions _options = null!;
    private ISchedule _schedule = null!;
    private ISlotGrid? _rhythm;
    private AllowedSlots? _allowed;
    private bool _isDelayed;
    private Instant _start;

    public SlotPlanner(RecurringTaskOptions options, ISchedule schedule, string name, Func<double> random)
    {
        (_name, _random) = (name, random);
        Load(options, schedule);
    }

    /// <summary>Loads another definition of the task. Allocates nothing when both exclude the same times.</summary>
    public void Load(RecurringTaskOptions options, ISchedule schedule)
    {
        if (_allowed is null || !options.HasExclusionsOf(_options))
            _allowed = AllowedSlots.Create(options);
        (_options, _schedule, _rhythm) = (options, schedule, schedule as ISlotGrid);
        _allowed?.Load(_rhythm);
        _isDelayed = options.Jitter > TimeSpan.Zero || (options.Spread && schedule is CronSchedule);
        CountsFromTheEnd = schedule is FixedDelay or Continuous;
        IsInterval = schedule is FixedRate or FixedDelay or Continuous;
        (Phase, _start, Mistake) = (options.Spread ? StableHash.Share(_name) : 0, Instant.None, null);
    }

    /// <summary>True when the next slot is known while an iteration is running.</summary>
    public bool KnowsSlotsAhead => _rhythm is not null;

    /// <summary>The user code that planning and counting slots calls, for reports; null: none.</summary>
    public string? Callee => _schedule is UserPolicy ? "its delay policy" : _allowed is null ? null : "an exclusion";

    /// <summary>True when slots depend on the wall clock, because some of its times are excluded.</summary>
    public bool HasExclusions => _allowed is not null;

    /// <summary>How far the wall clock, of which exclusions speak, is ahead of the loop's; to be set where there are some.</summary>
    public TimeSpan WallShift
    {
        set => _allowed!.WallShift = value;
    }

    /// <summary>True when the next slot is counted from the end of the last iteration, so that iterations cannot overlap.</summary>
    public bool CountsFromTheEnd { get; private set; }

    /// <summary>The slots of the schedule that are not excluded.</summary>
    private ISlotGrid? Grid => _allowed is null || _rhythm is null ? _rhythm : _allowed;

    // One that starts again may begin with the instant of its last slot; the slot is then counted after it.
    private bool IsInterval { get; set; }

    /// <summary>What is wrong with the policy's last answer, after "the delay policy"; null: nothing. Others may read it too.</summary>
    public string? Mistake { get; private set; }

    public bool IsSpread => _options.Spread;

    /// <summary>Where in the period the slots lie, with <c>Spread</c>: 0 to 1.</summary>
    public double Phase { get; set; }

    private TimeSpan? Period => _options.Every ?? _options.Delay;

    private TimeSpan Shift => _options.Spread && Period is { } period ? period * Phase : TimeSpan.Zero;

    /// <summary>From when on a schedule that starts now counts.</summary>
    public Instant PlannedFrom(Instant now, Instant? startAt) => Earliest(now + _options.StartAfter, startAt) + Shift;

    /// <summary>Says when the loop began, which is the slot of <c>RunOnStart</c>, unless it is to start later.</summary>
    public void BeginAt(Instant began, Instant? startAt) =>
        _start = Instant.Max(began + _options.StartAfter, startAt ?? Instant.None) + Shift;

    /// <summary>When a schedule started that counts from there; it may have been earlier if it waited for an instant to start at.</summary>
    public Instant StartOf(Instant from) => from - (Shift + _options.StartAfter);

    /// <summary>From when on a changed schedule counts, of a loop that has begun.</summary>
    /// <param name="before">What it was before.</param>
    /// <param name="from">From when on it counted then.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="startAt">Not before; null: now.</param>
    public Instant PlannedAnew(RecurringTaskOptions before, Instant from, Instant now, Instant? startAt)
    {
        if (!_options.Spread || Period is not { } period)
            return Earliest(now, startAt);
        var earliest = Instant.Max(startAt ?? now, now);
        if (before.Spread && period == (before.Every ?? before.Delay) && earliest == now && from <= now + period)
            return from; // the rhythm is the same, and goes on

        // Counted from a point that no change moves, so that a period that is changed again and again comes to its slots all the same.
        return new FixedRate(period).AtOrAfter(new Instant((long)(period.Ticks * Phase)), earliest);
    }

    /// <summary>Turns to another loop of the task.</summary>
    /// <param name="isBroken">Its policy gave no sound answer the last time.</param>
    public void Forget(bool isBroken) => Mistake = isBroken ? "gave no sound answer" : null;

    /// <summary>The next slot, or that there is none. Draws its jitter and back-off: to be asked once per event of the loop.</summary>
    /// <param name="history">What happened so far.</param>
    /// <param name="chosen">The slot a step chose, on the loop's clock; none: the schedule decides.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="endAt">No slot is after this.</param>
    /// <param name="fault">Called when the policy breaks its contract.</param>
    /// <param name="next">The slot that was planned before, if any; then the slot. The same slot keeps its jitter.</param>
    public void Next(LoopHistory history, Instant chosen, Instant now, Instant endAt, Action<string, Exception?> fault, ref PlannedSlot next)
    {
        var before = next;
        var isStopgap = false;
        var runsAtStart = _options.RunOnStart && history.Planned.IsNone;
        var bySchedule = chosen.IsNone && !runsAtStart;
        var slot = !chosen.IsNone ? chosen
            : runsAtStart ? _start.IsNone ? history.From : _start
            : AfterBackOff(Ask(history, now, before, fault, out isStopgap), history);
        if (_allowed is not null)
            slot = Allowed(slot, onGrid: bySchedule && _rhythm is not null, fault);

        // Due before the bump: a loop without a pause goes on at once even if the clock has not ticked since.
        var due = _isDelayed ? slot + DelayOf(slot, before) : slot;
        if (slot <= history.Slot)
            slot = history.Slot.JustAfter;

        next = slot > endAt || slot.IsNever ? PlannedSlot.None : new(slot, due, bySchedule) { IsStopgap = isStopgap };
    }

    /// <summary>
    /// Moves a planned slot behind a taken one: a slot of a grid to the next slot of the grid, any other by one tick.
    /// </summary>
    public PlannedSlot MoveBehind(Instant taken, in PlannedSlot next, Instant endAt)
    {
        if (!next.BySchedule || Grid is not { } grid)
            return next with { Slot = taken.JustAfter };
        var slot = grid.AtOrAfter(next.Slot, taken.JustAfter);
        return slot > endAt || slot.IsNever ? PlannedSlot.None : new(slot, _isDelayed ? slot + DelayOf(slot, next) : slot, true);
    }

    /// <summary>The slots that have come due by <paramref name="now"/>, <paramref name="planned"/> being the first of them.</summary>
    public DueSlots DueSlots(in PlannedSlot planned, Instant now, Instant endAt)
    {
        // As late as the first was made by jitter, the others are too: jitter alone makes no slot a missed one.
        var due = planned.Due > planned.Slot ? now - (planned.Due - planned.Slot) : now;
        return Grid is not { } grid || !planned.BySchedule || due <= planned.Slot
            ? new(1, planned.Slot)
            : grid.Count(planned.Slot, Instant.Min(endAt, due));
    }

    /// <summary>The slot after one of the schedule; never when it is not known ahead.</summary>
    public Instant After(Instant slot) => After(Grid, slot);

    /// <summary>The distance from a slot of the schedule to the next one, excluded or not: its rhythm. Null when it is not known ahead.</summary>
    public TimeSpan? GapAfter(Instant slot) => After(_rhythm, slot) is { IsNever: false } next ? next - slot : null;

    /// <summary>The slot before one of the schedule; none when it is not known, or the first.</summary>
    public Instant Before(Instant slot) => Grid?.Before(slot, slot) ?? Instant.None;

    private Instant Earliest(Instant from, Instant? startAt) =>
        startAt is not { } start ? from
        : start < from && _schedule is FixedRate grid ? grid.AtOrAfter(start, from)
        : start < from ? from
        : _schedule is CronSchedule ? new(start.UtcTicks - 1) // cron finds slots after this instant, and the start may be one
        : start;

    private Instant Ask(LoopHistory history, Instant now, in PlannedSlot before, Action<string, Exception?> fault, out bool isStopgap)
    {
        string mistake;
        Exception? thrown = null;
        try
        {
            var next = _schedule.Next(history, now);

            // Invariant: next > previous. A policy that breaks it would make the loop spin.
            if (next > history.Slot || next > now || IsInterval || history.Slot.IsNone)
            {
                (Mistake, isStopgap) = (null, false);
                return NotBeforeStart(next, history);
            }
            mistake = $"answered {next}, which is not after the last slot {history.Slot}";
        }
        catch (Exception error) // a policy is the user's code; the loop outlives it
        {
            (mistake, thrown) = ($"threw {error.GetType().Name}", error);
        }

        isStopgap = true;
        var until = Instant.Max(now, history.Slot) + AfterBrokenPolicy;
        if (before.IsStopgap && before.Slot <= until)
            return before.Slot; // reported, and whatever has happened since does not put it off
        fault($"The delay policy {Mistake = mistake}; the loop goes on in {AfterBrokenPolicy}.", thrown);
        return NotBeforeStart(until, history);
    }

    // A policy of the user's own may not look at where the schedule starts.
    private Instant NotBeforeStart(Instant slot, LoopHistory history) =>
        slot < history.From && (_options.StartAt is not null || _options.StartAfter > TimeSpan.Zero) ? history.From : slot;

    private Instant AfterBackOff(Instant slot, LoopHistory history)
    {
        if (history.ConsecutiveFailures == 0 || _options.BackOff.Initial is null || history.Ended.IsNone || slot.IsNever)
            return slot;

        var floor = history.Ended + BackOff.After(history.ConsecutiveFailures, _options, _random);
        return floor <= slot ? slot : _rhythm?.AtOrAfter(slot, floor) ?? floor;
    }

    private static Instant After(ISlotGrid? grid, Instant slot) =>
        grid?.AtOrAfter(slot, slot.JustAfter) is { } next && next > slot ? next : Instant.Never;

    private Instant Allowed(Instant slot, bool onGrid, Action<string, Exception?> fault)
    {
        var allowed = _allowed!.From(slot, onGrid);
        if (_allowed.TakeFailure() is { } error)
            fault("An exclusion threw; the day it was asked about is not excluded.", error);
        return allowed;
    }

    private TimeSpan DelayOf(Instant slot, in PlannedSlot before)
    {
        if (before.Slot == slot)
            return before.Due - before.Slot;

        // Never past the next slot, or the order of slots would be lost.
        var most = GapAfter(slot) ?? (Instant.Never - slot);
        var delay = (_options.Jitter < most ? _options.Jitter : most) * _random();
        if (_options.Spread && _schedule is CronSchedule)
            delay += CronSpread * Phase;
        if (delay >= most)
            delay = most > TimeSpan.Zero ? most - TimeSpan.FromTicks(1) : TimeSpan.Zero;
        return delay;
    }
}
