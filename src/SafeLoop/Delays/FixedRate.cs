namespace SafeLoop;

/// <summary>Slots on the grid start + n × period. Each is computed from the last slot, never from when something ran, so nothing drifts.</summary>
internal sealed class FixedRate(TimeSpan period) : ISlotGrid
{
    public Instant Next(LoopHistory history, Instant now)
    {
        var last = history.Planned;
        if (last.IsNone)
            return history.From;
        if (last < history.From)
            return Instant.Max(history.From, last + period);
        var next = last + period;
        return next > history.Slot ? next : AtOrAfter(last, history.Slot.JustAfter);
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
