namespace SafeLoop;

/// <summary>The slots before and after an instant, on the loop's clock.</summary>
/// <param name="Before">The last slot before it; none: there is none, or it is not known.</param>
/// <param name="After">The first slot after it; never: there is none, or it is not known.</param>
internal readonly record struct Neighbours(Instant Before, Instant After)
{
    public static Neighbours Find(LoopFacts loop, NearbyEntries near, Instant instant)
    {
        var next = loop.Next is { } wall ? (Instant)wall - loop.Ahead : Instant.Never;
        var canWait = CanWait(loop, near, instant);
        var known = new List<Instant>(loop.Running.Where(running => !running.IsManual).Select(running => running.Slot))
        {
            loop.LastSlot, next, Known(near.Before), Known(near.After), near.After?.FirstSlot ?? Instant.None,
        };
        known.AddRange(new[]
        {
            !canWait && HasBefore(near, instant.ToDateTimeOffset()) ? Instant.None : loop.Slots.Before(instant),
            !canWait && HasAfter(near) ? Instant.Never : loop.Slots.After(instant),
        }.Where(slot => slot <= loop.LastSlot || (slot >= next && loop.End is null)));
        if ((near.At ?? near.Around) is { Record.Count: > 1, FirstSlot: { } first } several)
        {
            var (inside, behind) = loop.Slots.Within(first, several.Record.SlotAt, instant);
            known.AddRange([inside, behind]);
        }
        return new(
            known.Where(slot => slot < instant).Aggregate(Instant.None, Instant.Max),
            known.Where(slot => slot > instant && !slot.IsNone).Aggregate(Instant.Never, Instant.Min));
    }

    // Slots after that of the running iteration may be queued without a record, even before slots that were skipped because
    // the buffer was full.
    private static bool CanWait(LoopFacts loop, NearbyEntries near, Instant instant) => loop.Running.Any(running =>
        !running.IsManual && running.Slot > Known(near.Before) && running.Slot <= instant);

    // Records that lie side by side leave no room for a slot: back-off and steps pass over slots of the schedule.
    private static bool HasBefore(NearbyEntries near, DateTimeOffset instant) => near is { IsComplete: true, Before: not null }
        && (near is { At.Record.Count: 1 } or { At: null, Around: null, After: not null } || near.Around?.FirstSlot == instant);

    private static bool HasAfter(NearbyEntries near) =>
        near is { IsComplete: true, Around: null, After: { Record.Count: 1 } or { FirstSlot: not null } }
        && (near.At ?? near.Before) is not null;

    /// <summary>The slots of the stored entries, for a task whose schedule is not known.</summary>
    public static Neighbours FromStored(NearbyEntries near) =>
        new(Known(near.Before), near.After is { } after ? after.Record.SlotAt : Instant.Never);

    private static Instant Known(HistoryEntry? entry) => entry?.Record.SlotAt ?? Instant.None;
}
