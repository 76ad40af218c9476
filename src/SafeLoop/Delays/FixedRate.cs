namespace SafeLoop;

/// <summary>Slots on the grid start + n × period. Each is computed from the last slot, never from when something ran, so nothing drifts.</summary>
internal sealed class FixedRate(TimeSpan period) : ISlotGrid
{
    public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
    {
        if (history.LastPlannedSlot is not { } last)
            return history.PlannedFrom;
        if (last < history.PlannedFrom)
            return Later(history.PlannedFrom, Instants.Add(last, period));
        return Instants.Add(last, period) is var next && next > history.LastSlot ? next : AtOrAfter(last, Instants.JustAfter(history.LastSlot!.Value));
    }

    public DateTimeOffset? AtOrAfter(DateTimeOffset slot, DateTimeOffset instant)
    {
        if (instant <= slot)
            return slot;
        var steps = ((instant.UtcTicks - slot.UtcTicks - 1) / period.Ticks) + 1;
        return Instants.Add(slot, period, steps);
    }

    public DateTimeOffset? Before(DateTimeOffset slot, DateTimeOffset instant)
    {
        var steps = ((slot.UtcTicks - instant.UtcTicks) / period.Ticks) + 1;
        return slot.UtcTicks / period.Ticks >= steps ? slot.AddTicks(-period.Ticks * steps) : null;
    }

    public DueSlots Count(DateTimeOffset first, DateTimeOffset upTo)
    {
        var further = Math.Max(0, (upTo.UtcTicks - first.UtcTicks) / period.Ticks);
        return new(further + 1, first.AddTicks(further * period.Ticks));
    }

    private static DateTimeOffset? Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other : one;
}
