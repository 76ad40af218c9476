namespace SafeLoop;

/// <summary>
/// The slots are on the grid start + n × period. Each is computed from the last slot, never from the time of a run, so slots do
/// not drift.
/// </summary>
/// <param name="period">The period; positive.</param>
/// <param name="isAnchored">
/// True: when it replaces another schedule, its grid begins at its configured start, wherever the last slot of the other was.
/// </param>
internal sealed class FixedRate(TimeSpan period, bool isAnchored = false) : ISlotGrid
{
    public Instant Next(in LoopState state, Instant now)
    {
        var last = state.Planned;
        if (last.IsNone)
            return state.From;

        var next = last >= state.From ? last + period
            : isAnchored ? state.From
            : Instant.Max(state.From, last + period);
        return next > state.Slot ? next : AtOrAfter(next, state.Slot.JustAfter);
    }

    public Instant AtOrAfter(Instant slot, Instant instant) =>
        instant <= slot ? slot : slot.After(period, ((instant.UtcTicks - slot.UtcTicks - 1) / period.Ticks) + 1);

    public Instant Before(Instant slot, Instant instant)
    {
        var steps = ((slot.UtcTicks - instant.UtcTicks) / period.Ticks) + 1;
        return (slot.UtcTicks - 1) / period.Ticks >= steps ? new(slot.UtcTicks - (period.Ticks * steps)) : Instant.None;
    }

    public DueSlots Count(Instant first, Instant upTo)
    {
        var further = Math.Max(0, (upTo.UtcTicks - first.UtcTicks) / period.Ticks);
        return new(further + 1, first.After(period, further));
    }
}
