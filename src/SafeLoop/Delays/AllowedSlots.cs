namespace SafeLoop;

/// <summary>The slots of a grid that are not excluded. Goes from stretch to stretch, never from slot to slot within one.</summary>
/// <remarks>Not thread-safe: it belongs to one planner.</remarks>
internal sealed class AllowedSlots(ISlotGrid? grid, ExcludedTimes excluded) : ISlotGrid
{
    // A schedule with nothing left must be told from one with a slot far away, in well under a second.
    private const int MostStretches = 1_000_000;
    private const long Furthest = 400 * 366 * TimeSpan.TicksPerDay; // then the calendar repeats

    private ISlotGrid? _grid = grid;
    private (Instant Slot, bool OnGrid, TimeSpan Shift, Instant Allowed) _last;

    /// <summary>How far the wall clock, of which exclusions speak, is ahead of the loop's.</summary>
    public TimeSpan WallShift { get; set; }

    /// <summary>Null when nothing is excluded.</summary>
    public static AllowedSlots? Create(RecurringTaskOptions options) =>
        options.HasExclusions ? new(null, new(options, [])) : null;

    /// <summary>Uses the slots of another grid; null: the schedule has none.</summary>
    public void Load(ISlotGrid? grid) => (_grid, _last) = (grid, default);

    /// <summary>What a rule of the user's has thrown since the last look.</summary>
    public Exception? TakeFailure() => excluded.TakeFailure();

    /// <summary>The slot itself; if it is excluded, the first of the grid after it that is not, or the end of the excluded time.</summary>
    public Instant From(Instant slot, bool onGrid)
    {
        if ((_last.Slot, _last.OnGrid, _last.Shift) == (slot, onGrid, WallShift) && _last.Allowed > slot)
            return _last.Allowed; // asked again while the loop waits for it

        var allowed = slot;
        for (var stretches = 0; !allowed.IsNever && At(allowed) is { IsExcluded: true } stretch; stretches++)
        {
            var end = ToLoop(stretch.End);
            allowed = stretches == MostStretches || (allowed - slot).Ticks > Furthest || end.IsNever ? Instant.Never
                : onGrid ? _grid!.AtOrAfter(allowed, end)
                : end;
        }
        _last = (slot, onGrid, WallShift, allowed);
        return allowed;
    }

    public Instant Next(LoopHistory history, Instant now) => _grid!.Next(history, now);

    public Instant AtOrAfter(Instant slot, Instant instant) => From(_grid!.AtOrAfter(slot, instant), onGrid: true);

    public Instant Before(Instant slot, Instant instant)
    {
        var before = _grid!.Before(slot, instant);
        for (var stretches = 0; !before.IsNone && At(before) is { IsExcluded: true } stretch; stretches++)
            before = stretches == MostStretches ? Instant.None : _grid.Before(before, ToLoop(stretch.Start));
        return before;
    }

    public DueSlots Count(Instant first, Instant upTo)
    {
        var (count, latest, at) = (0L, first, first);
        for (var stretches = 0; at <= upTo; stretches++)
        {
            var stretch = At(at);
            var end = stretches == MostStretches ? Instant.Never : ToLoop(stretch.End); // more than that are counted as if nothing were excluded
            if (!stretch.IsExcluded || stretches == MostStretches)
            {
                var free = _grid!.Count(at, end <= upTo ? end - new TimeSpan(1) : upTo);
                (count, latest) = (count + free.Count, free.Latest);
            }
            at = end.IsNever ? end : _grid!.AtOrAfter(at, end);
        }
        return new(Math.Max(count, 1), latest); // the first is one, whatever a rule says of it by now
    }

    private Stretch At(Instant slot) => excluded.At((slot + WallShift).UtcTicks);

    private Instant ToLoop(long wall) => new Instant(Math.Min(wall, Instant.Never.UtcTicks)) - WallShift;
}
