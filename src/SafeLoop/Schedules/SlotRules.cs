namespace SafeLoop;

/// <summary>
/// The rules for the slots of a task definition: its schedule, exclusions and bounds. All loops of the definition share them.
/// </summary>
/// <remarks>Immutable and thread-safe. Policies and exclusions are user code, so hold no lock during calls.</remarks>
internal sealed class SlotRules
{
    private static readonly TimeSpan CronSpread = TimeSpan.FromMinutes(1);

    private readonly RecurringTaskOptions _options;
    private readonly ISchedule _schedule;
    private readonly ISlotGrid? _grid; // contains all slots, excluded or not
    private readonly ExcludedTimes? _excluded;

    public SlotRules(RecurringTaskOptions options, ISchedule schedule)
    {
        (_options, _schedule, _grid) = (options, schedule, schedule as ISlotGrid);
        _excluded = options.HasExclusions ? new ExcludedTimes(options, []) : null;
        IsDelayed = options.Jitter > TimeSpan.Zero || (options.Spread && schedule is CronSchedule);
        CountsFromEnd = schedule is FixedDelay or Continuous;
    }

    /// <summary>True when the next slot is known while an iteration is running.</summary>
    public bool HasKnownSlots => _grid is not null;

    /// <summary>True when the next slot counts from the end of the last iteration, so that iterations cannot overlap.</summary>
    public bool CountsFromEnd { get; }

    /// <summary>
    /// True for intervals. An interval that starts again may begin at its last slot; the next slot is then one period later.
    /// </summary>
    public bool IsInterval => CountsFromEnd || _schedule is FixedRate;

    /// <summary>
    /// True when iterations may be due later than their slots: by jitter, or by the phase of a spread cron task.
    /// </summary>
    public bool IsDelayed { get; }

    /// <summary>True when slots depend on the wall clock because the options exclude times.</summary>
    public bool HasExclusions => _excluded is not null;

    /// <summary>The name of the user code that planning and counting call, for reports; null when there is none.</summary>
    public string? Callee => _schedule is UserPolicy ? "its delay policy" : _excluded is null ? null : "an exclusion";

    private TimeSpan? Period => _options.Every ?? _options.Delay;

    /// <summary>The instant from which a schedule that starts now counts.</summary>
    /// <param name="now">The current instant on the loop's clock.</param>
    /// <param name="startAt">The <c>StartAt</c> of the options on the loop's clock; null: none.</param>
    /// <param name="phase">The share of the period by which <c>Spread</c> shifts the slots.</param>
    public Instant PlannedFrom(Instant now, Instant? startAt, double phase) =>
        _schedule is CommonGrid grid
            ? grid.FirstFrom(Earliest(now + _options.StartAfter, startAt), phase)
            : Earliest(now + _options.StartAfter, startAt) + Shift(phase);

    /// <summary>The instant from which a schedule counts that goes on after a slot.</summary>
    /// <param name="last">The slot, or an instant up to which no slot is left.</param>
    /// <param name="phase">The share of the period by which <c>Spread</c> shifts the slots.</param>
    public Instant PlannedAfter(Instant last, double phase) =>
        _schedule is CommonGrid grid ? grid.FirstFrom(last, phase) : last;

    /// <summary>The slot for <c>RunOnStart</c>.</summary>
    public Instant StartSlot(Instant began, Instant? startAt, double phase) =>
        Instant.Max(began + _options.StartAfter, startAt ?? Instant.None) + Shift(phase);

    /// <summary>
    /// The start of a schedule that counts from an instant. It may be earlier when the schedule waited for <c>StartAt</c>, and on
    /// a common grid it may be up to one period later.
    /// </summary>
    public Instant BeginOf(Instant from, double phase) =>
        from - ((_schedule is CommonGrid ? Period!.Value : Shift(phase)) + _options.StartAfter);

    /// <summary>The instant from which a changed schedule of a running loop counts.</summary>
    /// <param name="before">The previous options.</param>
    /// <param name="from">The instant from which the schedule counted before.</param>
    /// <param name="now">The current instant on the loop's clock.</param>
    /// <param name="startAt">The <c>StartAt</c> of the options on the loop's clock; null: none.</param>
    /// <param name="phase">The share of the period by which <c>Spread</c> shifts the slots.</param>
    public Instant PlannedAnew(RecurringTaskOptions before, Instant from, Instant now, Instant? startAt, double phase)
    {
        if (_schedule is CommonGrid grid)
            return grid.FirstFrom(Earliest(now, startAt), phase);
        if (!_options.Spread || Period is not { } period)
            return Earliest(now, startAt);
        var earliest = Instant.Max(startAt ?? now, now);
        if (before.Spread && period == (before.Every ?? before.Delay) && earliest == now && from <= now + period)
            return from; // the rhythm is the same and continues

        // Counts from a fixed point, so that a period that changes repeatedly still reaches its slots.
        return new FixedRate(period).AtOrAfter(new Instant((long)(period.Ticks * phase)), earliest);
    }

    /// <summary>Calls the schedule for the next slot. Throws the exception of a user's policy.</summary>
    public Instant CallSchedule(in LoopState state, Instant now) => _schedule.Next(state, now);

    /// <summary>The first slot that is not before an instant, on the grid if the schedule has one.</summary>
    public Instant AtOrAfter(Instant slot, Instant instant) => _grid?.AtOrAfter(slot, instant) ?? instant;

    /// <summary>Returns the slot or, when it is excluded, the next one that is not.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="onGrid">True: the next slot of the schedule. False: the end of the excluded time.</param>
    /// <param name="wallShift">How far the wall clock is ahead of the loop's clock.</param>
    public Instant Allowed(Instant slot, bool onGrid, TimeSpan wallShift) =>
        _excluded is null ? slot : AllowedAt(wallShift).From(slot, onGrid && _grid is not null);

    /// <summary>Returns and clears an exception from an exclusion; null when there is none.</summary>
    public Exception? TakeFailure() => _excluded?.TakeFailure();

    /// <summary>Draws the delay of an iteration after its slot, for a schedule that <see cref="IsDelayed"/>.</summary>
    public TimeSpan DrawDelay(Instant slot, double phase, Func<double> random)
    {
        // Never past the next slot; otherwise slots would run out of order.
        var most = GapAfter(slot) ?? (Instant.Never - slot);
        var delay = (_options.Jitter < most ? _options.Jitter : most) * random();
        if (_options.Spread && _schedule is CronSchedule)
            delay += CronSpread * phase;
        if (delay >= most)
            delay = most > TimeSpan.Zero ? most - TimeSpan.FromTicks(1) : TimeSpan.Zero;
        return delay;
    }

    /// <summary>Counts the due slots, beginning with the planned one.</summary>
    /// <param name="planned">A due slot.</param>
    /// <param name="now">The current instant on the loop's clock.</param>
    /// <param name="endAt">The latest slot.</param>
    /// <param name="wallShift">How far the wall clock is ahead of the loop's clock.</param>
    public DueSlots CountDue(in PlannedSlot planned, Instant now, Instant endAt, TimeSpan wallShift)
    {
        // Assumes that jitter delays all slots as much as the first, so that jitter alone never makes a slot missed.
        var due = planned.Due > planned.Slot ? now - (planned.Due - planned.Slot) : now;
        if (!planned.IsBySchedule || due <= planned.Slot || _grid is null)
            return new(1, planned.Slot);
        var upTo = Instant.Min(endAt, due);
        return _excluded is null ? _grid.Count(planned.Slot, upTo) : AllowedAt(wallShift).Count(planned.Slot, upTo);
    }

    /// <summary>The slots after an instant up to a slot of the schedule; null when they are not known ahead.</summary>
    public (Instant First, long Count)? CountAfter(Instant instant, Instant last)
    {
        if (_grid is null || _grid.Before(last, instant.JustAfter) is not { IsNone: false } before
            || AllowedAtOrAfter(before, instant.JustAfter, TimeSpan.Zero) is not { } first || first > last)
            return null;
        var slots = _excluded is null ? _grid.Count(first, last) : AllowedAt(TimeSpan.Zero).Count(first, last);
        return (first, slots.Count);
    }

    /// <summary>
    /// The first slot of the schedule that is neither before an instant nor excluded; null when slots are not known ahead.
    /// </summary>
    public Instant? AllowedAtOrAfter(Instant slot, Instant instant, TimeSpan wallShift) =>
        _excluded is null || _grid is null ? _grid?.AtOrAfter(slot, instant) : AllowedAt(wallShift).AtOrAfter(slot, instant);

    /// <summary>The slot after a slot of the schedule; never when it is not known ahead.</summary>
    public Instant After(Instant slot, TimeSpan wallShift) =>
        AllowedAtOrAfter(slot, slot.JustAfter, wallShift) is { } next && next > slot ? next : Instant.Never;

    /// <summary>
    /// The distance from a slot of the schedule to the next one, excluded or not; null when it is not known ahead.
    /// </summary>
    public TimeSpan? GapAfter(Instant slot) =>
        _grid?.AtOrAfter(slot, slot.JustAfter) is { IsNever: false } next && next > slot ? next - slot : null;

    /// <summary>The slot before a slot of the schedule; none when it is not known or there is none.</summary>
    public Instant Before(Instant slot, TimeSpan wallShift) =>
        _grid is null ? Instant.None
        : _excluded is null ? _grid.Before(slot, slot)
        : AllowedAt(wallShift).Before(slot, slot);

    /// <summary>The last slot of the grid before an instant, excluded or not; none when there is none.</summary>
    /// <param name="slot">Any slot of the grid.</param>
    /// <param name="instant">The instant.</param>
    public Instant GridBefore(Instant slot, Instant instant) =>
        SlotFrom(slot, instant) is { IsNever: false } upper ? _grid!.Before(upper, instant) : Instant.None;

    /// <summary>Like <see cref="GridBefore"/>, without the slots that are excluded.</summary>
    /// <param name="slot">Any slot of the grid.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="wallShift">How far the wall clock is ahead of the loop's clock.</param>
    /// <param name="earliest">None when the slot would be earlier.</param>
    public Instant AllowedBefore(Instant slot, Instant instant, TimeSpan wallShift, Instant earliest = default)
    {
        if (SlotFrom(slot, instant) is not { IsNever: false } upper)
            return Instant.None;
        var before = _excluded is null
            ? _grid!.Before(upper, instant)
            : AllowedAt(wallShift).Before(upper, instant, earliest);
        return before < earliest ? Instant.None : before;
    }

    /// <summary>The excluded time that contains an instant; null when it is not excluded.</summary>
    public Stretch? ExcludedAt(Instant instant, TimeSpan wallShift) =>
        _excluded?.At((instant + wallShift).UtcTicks) is { IsExcluded: true } stretch ? stretch : null;

    // A grid searches backwards only from a slot that is not before the instant.
    private Instant SlotFrom(Instant slot, Instant instant) => _grid?.AtOrAfter(slot, instant) ?? Instant.Never;

    private TimeSpan Shift(double phase) => _options.Spread && Period is { } period ? period * phase : TimeSpan.Zero;

    private AllowedSlots AllowedAt(TimeSpan wallShift) => new(_grid, _excluded!, wallShift);

    private Instant Earliest(Instant from, Instant? startAt) =>
        startAt is not { } start ? from
        : start < from && _schedule is FixedRate grid ? grid.AtOrAfter(start, from)
        : start < from ? from
        : _schedule is CronSchedule ? new(start.UtcTicks - 1) // cron finds slots after this instant, and the start may be one
        : start;
}
