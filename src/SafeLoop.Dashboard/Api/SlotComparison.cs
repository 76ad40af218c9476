namespace SafeLoop.Dashboard;

/// <summary>Compares the slots of two schedules.</summary>
internal static class SlotComparison
{
    private const int MostShown = 100;

    /// <param name="before">The slots of the present schedule, in order.</param>
    /// <param name="after">The slots of the new one, in order.</param>
    /// <param name="most">How many slots were asked for.</param>
    /// <param name="preview">The preview, to which the comparison is added.</param>
    public static SchedulePreview Compare(
        IReadOnlyList<UpcomingSlot> before, IReadOnlyList<UpcomingSlot> after, int most, SchedulePreview preview)
    {
        // Where one list was cut, the other one has slots that it would have too.
        var end = Earlier(EndOf(before, most), EndOf(after, most), preview.To);
        var old = before.Select(slot => slot.Slot).Where(slot => slot < end).ToHashSet();
        var now = after.Select(slot => slot.Slot).Where(slot => slot < end).ToHashSet();
        var added = now.Where(slot => !old.Contains(slot)).Order().ToList();
        var dropped = old.Where(slot => !now.Contains(slot)).Order().ToList();
        return preview with
        {
            To = end,
            Count = now.Count,
            CountBefore = old.Count,
            Kept = now.Count - added.Count,
            Added = added.Count,
            Dropped = dropped.Count,
            FirstAdded = [.. added.Take(MostShown)],
            FirstDropped = [.. dropped.Take(MostShown)],
        };
    }

    private static DateTimeOffset EndOf(IReadOnlyList<UpcomingSlot> slots, int most) =>
        slots.Count < most ? DateTimeOffset.MaxValue : slots[^1].Slot;

    private static DateTimeOffset Earlier(params ReadOnlySpan<DateTimeOffset> instants)
    {
        var earliest = DateTimeOffset.MaxValue;
        foreach (var instant in instants)
            earliest = instant < earliest ? instant : earliest;
        return earliest;
    }
}
