namespace SafeLoop;

/// <summary>
/// Finds the slots around any instant by the present schedule of a loop, on its clock. Only a grid (cron or an interval) has
/// slots that can be found: those of other schedules depend on iterations.
/// </summary>
/// <remarks>Calls the user's exclusions, so use it under no lock.</remarks>
internal sealed class SlotSearch
{
    // Irregular slots are counted back only that far: each step visits the days between.
    private const long MostCounted = 1_000_000;

    private readonly SlotRules _rules;
    private readonly Instant _anchor; // a slot of the grid
    private readonly Instant _first; // no slot is earlier
    private readonly Instant _end;
    private readonly TimeSpan _wallShift;

    public SlotSearch(RecurringTask task, in LoopState state, LoopClock clock)
    {
        _rules = task.Rules;
        _wallShift = _rules.HasExclusions ? clock.WallShift : TimeSpan.Zero;
        (From, _end) = (state.From, task.Options.EndAt is { } end ? clock.FromWall(end) : Instant.Never);
        _first = task.Schedule is CronSchedule ? From.JustAfter : From; // cron finds slots after an instant
        // After a change of the schedule, the last planned slot is one of the schedule before.
        _anchor = state is { IsBySchedule: true, IsOnWall: false, NextSlot: { IsNever: false } next } ? next
            : state.Planned >= state.From && !state.Planned.IsNone ? state.Planned
            : state.From;
    }

    /// <summary>The instant from which the schedule counts.</summary>
    public Instant From { get; }

    /// <summary>True when the schedule begins only after an instant.</summary>
    public bool BeginsAfter(Instant instant) => !From.IsNone && instant < _first;

    /// <summary>True when slots can be found.</summary>
    public bool KnowsSlots => _rules.HasKnownSlots && !_anchor.IsNone;

    /// <summary>True for a slot of the schedule, also one that is excluded or before its start.</summary>
    public bool IsOnGrid(Instant instant) => KnowsSlots && _rules.GridBefore(_anchor, instant.JustAfter) == instant;

    /// <summary>
    /// The slots of the schedule before and after an instant among those from the first to the last, which may be before its
    /// start: a schedule goes on after a restart.
    /// </summary>
    public (Instant Before, Instant After) Within(Instant first, Instant last, Instant instant)
    {
        if (!KnowsSlots || !IsOnGrid(first) || !IsOnGrid(last))
            return (Instant.None, Instant.Never);
        var before = _rules.AllowedBefore(last, instant, _wallShift);
        var known = _rules.GridBefore(last, instant.JustAfter);
        var after = known.IsNone ? Instant.Never : _rules.AllowedAtOrAfter(known, instant.JustAfter, _wallShift) ?? Instant.Never;
        return (before >= first ? before : Instant.None, after <= last ? after : Instant.Never);
    }

    /// <summary>The excluded time that contains an instant; null when none does.</summary>
    public Stretch? ExcludedAt(Instant instant) => _rules.ExcludedAt(instant, _wallShift);

    /// <summary>The last slot before an instant; none when there is none.</summary>
    public Instant Before(Instant instant)
    {
        return KnowsSlots && instant > _first
            ? _rules.AllowedBefore(_anchor, Instant.Min(instant, _end.JustAfter), _wallShift, _first)
            : Instant.None;
    }

    /// <summary>The first slot after an instant; never when there is none.</summary>
    public Instant After(Instant instant)
    {
        if (!KnowsSlots)
            return Instant.Never;
        var after = Instant.Max(instant.JustAfter, _first);
        var known = after >= _anchor ? _anchor : _rules.GridBefore(_anchor, after.JustAfter);
        if (known.IsNone)
            return Instant.Never;
        var slot = _rules.AllowedAtOrAfter(known, after, _wallShift) ?? Instant.Never;
        return slot > _end ? Instant.Never : slot;
    }

    /// <summary>The first of several consecutive slots; none when it cannot be found.</summary>
    /// <param name="last">The last of them.</param>
    /// <param name="count">How many there are.</param>
    public Instant FirstOf(Instant last, long count)
    {
        if (count < 2 || !IsOnGrid(last) || _rules.AllowedBefore(last, last, _wallShift) is not { IsNone: false } before)
            return Instant.None;
        var gap = last - before;
        if (count - 1 <= last.UtcTicks / gap.Ticks && last - new TimeSpan(gap.Ticks * (count - 1)) is var regular
            && IsOnGrid(regular) && ExcludedAt(regular) is null && CountTo(last, regular) == count)
            return regular;
        return count > MostCounted ? Instant.None : SearchBack(last, before, count);
    }

    private Instant SearchBack(Instant last, Instant near, long count)
    {
        var span = last - near;
        var far = near;
        while (CountTo(last, far) < count)
        {
            if (last.UtcTicks <= span.Ticks)
                return Instant.None;
            (near, span) = (far, span * 2);
            far = StartAt(last - span, last);
        }
        while (far < near) // far has enough slots up to the last; near has too few
        {
            var middle = StartAt(new((far.UtcTicks + near.UtcTicks) / 2), last);
            if (middle >= near)
                middle = _rules.AllowedBefore(near, near, _wallShift);
            if (middle <= far)
                break;
            if (CountTo(last, middle) >= count)
                far = middle;
            else
                near = middle;
        }
        return CountTo(last, far) == count ? far : Instant.None;
    }

    // The first slot that is not before an instant, which is not after the last slot.
    private Instant StartAt(Instant instant, Instant last)
    {
        var known = _rules.GridBefore(last, instant.JustAfter);
        return known.IsNone ? last : Instant.Min(_rules.AllowedAtOrAfter(known, instant, _wallShift) ?? last, last);
    }

    private long CountTo(Instant last, Instant first) =>
        _rules.CountDue(new(first, first, IsBySchedule: true), last, Instant.Never, _wallShift).Count;
}
