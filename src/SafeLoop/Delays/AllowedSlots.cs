namespace SafeLoop;

/// <summary>The slots of a grid that are not excluded. Goes from stretch to stretch, never from slot to slot within one.</summary>
/// <remarks>Not thread-safe: it belongs to one planner.</remarks>
internal sealed class AllowedSlots(ISlotGrid? grid, ExcludedTimes excluded) : ISlotGrid
{
    // A schedule with nothing left must be told from one with a slot far away, in well under a second.
    private const int MostStretches = 1_000_000;
    private const long Furthest = 400 * 366 * TimeSpan.TicksPerDay; // then the calendar repeats

    private (DateTimeOffset Slot, bool OnGrid, TimeSpan Shift, DateTimeOffset? Allowed) _last;

    /// <summary>How far the wall clock, of which exclusions speak, is ahead of the loop's.</summary>
    public TimeSpan WallShift { get; set; }

    /// <summary>Null when nothing is excluded.</summary>
    public static AllowedSlots? Of(IDelayPolicy policy, RecurringTaskOptions options) =>
        options.Exclusions.Count == 0 ? null : new(policy as ISlotGrid, new(options, []));

    /// <summary>What a rule of the user's has thrown since the last look.</summary>
    public Exception? TakeFailure() => excluded.TakeFailure();

    /// <summary>The slot itself; if it is excluded, the first of the grid after it that is not, or the end of the excluded time.</summary>
    public DateTimeOffset? From(DateTimeOffset slot, bool onGrid)
    {
        if ((_last.Slot, _last.OnGrid, _last.Shift) == (slot, onGrid, WallShift) && _last.Allowed > slot)
            return _last.Allowed; // asked again while the loop waits for it

        DateTimeOffset? allowed = slot;
        for (var stretches = 0; allowed is { } at; stretches++)
        {
            var stretch = At(at);
            if (!stretch.IsExcluded)
                break;
            allowed = stretches == MostStretches || at.UtcTicks - slot.UtcTicks > Furthest || ToLoop(stretch.End) is not { } end ? null
                : onGrid ? grid!.AtOrAfter(at, end)
                : end;
        }
        _last = (slot, onGrid, WallShift, allowed);
        return allowed;
    }

    public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now) => grid!.Next(history, now);

    public DateTimeOffset? AtOrAfter(DateTimeOffset slot, DateTimeOffset instant) => grid!.AtOrAfter(slot, instant) is { } next ? From(next, onGrid: true) : null;

    public DateTimeOffset? Before(DateTimeOffset slot, DateTimeOffset instant)
    {
        var before = grid!.Before(slot, instant);
        for (var stretches = 0; before is { } at && At(at) is { IsExcluded: true } stretch; stretches++)
            before = stretches == MostStretches || ToLoop(stretch.Start) is not { } start ? null : grid.Before(at, start);
        return before;
    }

    public DueSlots Count(DateTimeOffset first, DateTimeOffset upTo)
    {
        var (count, latest) = (0L, first);
        DateTimeOffset? at = first;
        for (var stretches = 0; at <= upTo; stretches++)
        {
            var stretch = At(at.Value);
            var end = ToLoop(stretch.End);
            if (!stretch.IsExcluded || stretches == MostStretches)
            {
                var until = end <= upTo && stretches < MostStretches ? end.Value.AddTicks(-1) : upTo;
                var free = grid!.Count(at.Value, until);
                (count, latest) = (count + free.Count, free.Latest);
            }
            at = end is { } next && stretches < MostStretches ? grid!.AtOrAfter(at.Value, next) : null;
        }
        return new(Math.Max(count, 1), latest); // the first is one, whatever a rule says of it by now
    }

    private Stretch At(DateTimeOffset slot) => excluded.At(Math.Clamp(slot.UtcTicks + WallShift.Ticks, 0, DateTimeOffset.MaxValue.UtcTicks));

    private DateTimeOffset? ToLoop(long wall) =>
        wall - WallShift.Ticks is var ticks && ticks >= 0 && ticks < DateTimeOffset.MaxValue.UtcTicks ? new(ticks, TimeSpan.Zero) : null;
}
