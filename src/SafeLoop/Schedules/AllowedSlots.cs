namespace SafeLoop;

/// <summary>
/// The slots of a grid that are not excluded. Skips whole stretches of excluded time instead of single slots.
/// </summary>
/// <remarks>A struct, because it is created for each query and iterations allocate nothing.</remarks>
/// <param name="grid">The grid; null when the schedule has none.</param>
/// <param name="excluded">The excluded times.</param>
/// <param name="wallShift">How far the wall clock, on which exclusions are defined, is ahead of the loop's clock.</param>
internal readonly struct AllowedSlots(ISlotGrid? grid, ExcludedTimes excluded, TimeSpan wallShift)
{
    // Limits that detect a schedule without any slot left, in well under a second.
    private const int MostStretches = 1_000_000;
    private const long Furthest = 400 * 366 * TimeSpan.TicksPerDay; // the calendar repeats after 400 years

    /// <summary>
    /// Returns the slot; when it is excluded, the next slot of the grid that is not, or the end of the excluded time.
    /// </summary>
    public Instant From(Instant slot, bool onGrid)
    {
        var allowed = slot;
        for (var stretches = 0; !allowed.IsNever && At(allowed) is { IsExcluded: true } stretch; stretches++)
        {
            var end = ToLoop(stretch.End);
            allowed = stretches == MostStretches || (allowed - slot).Ticks > Furthest || end.IsNever ? Instant.Never
                : onGrid ? grid!.AtOrAfter(allowed, end)
                : end;
        }
        return allowed;
    }

    /// <summary>See <see cref="ISlotGrid.AtOrAfter"/>.</summary>
    public Instant AtOrAfter(Instant slot, Instant instant) => From(grid!.AtOrAfter(slot, instant), onGrid: true);

    /// <summary>See <see cref="ISlotGrid.Before"/>. The search ends at the earliest instant.</summary>
    public Instant Before(Instant slot, Instant instant, Instant earliest = default)
    {
        var before = grid!.Before(slot, instant);
        for (var stretches = 0; !before.IsNone && At(before) is { IsExcluded: true } stretch; stretches++)
            before = stretches == MostStretches || before < earliest ? Instant.None : grid.Before(before, ToLoop(stretch.Start));
        return before;
    }

    /// <summary>See <see cref="ISlotGrid.Count"/>.</summary>
    public DueSlots Count(Instant first, Instant upTo)
    {
        var (count, latest, at) = (0L, first, first);
        for (var stretches = 0; at <= upTo; stretches++)
        {
            var stretch = At(at);
            // Beyond the limit, slots are counted as if nothing were excluded.
            var end = stretches == MostStretches ? Instant.Never : ToLoop(stretch.End);
            if (!stretch.IsExcluded || stretches == MostStretches)
            {
                var free = grid!.Count(at, end <= upTo ? end - new TimeSpan(1) : upTo);
                (count, latest) = (count + free.Count, free.Latest);
            }
            at = end.IsNever ? end : grid!.AtOrAfter(at, end);
        }
        return new(Math.Max(count, 1), latest); // at least the first slot, even if a rule excludes it by now
    }

    private Stretch At(Instant slot) => excluded.At((slot + wallShift).UtcTicks);

    private Instant ToLoop(long wall) => new Instant(Math.Min(wall, Instant.Never.UtcTicks)) - wallShift;
}
