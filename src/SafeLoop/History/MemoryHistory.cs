namespace SafeLoop;

/// <summary>Answers queries from the records in memory, page by page.</summary>
internal static class MemoryHistory
{
    /// <param name="loops">The records of all loops that the query may select.</param>
    /// <param name="query">A valid query.</param>
    /// <exception cref="ArgumentException">The cursor is invalid.</exception>
    public static HistoryPage Query(IEnumerable<LoopRecords> loops, HistoryQuery query)
    {
        var (after, same) = ReadCursor(query.Cursor);
        var found =
            from loop in loops
            where query.Key is null || query.Key == loop.Key
            from slot in loop.Records
            let record = slot.Record
            where IsSelected(query, record)
            let position = new HistoryPosition(
                record.SlotAt.UtcTicks, record.StartedAt.UtcTicks, record.Number, loop.TaskName, loop.Key ?? "")
            where after is not { } last || (query.OldestFirst ? position >= last : position <= last)
            select (Loop: loop, Record: slot, Position: position);

        var ordered = query.OldestFirst
            ? found.OrderBy(entry => entry.Position)
            : found.OrderByDescending(entry => entry.Position);
        var rest = ordered.Take(query.PageSize + same + 1).ToList();
        rest.RemoveRange(0, Math.Min(same, rest.TakeWhile(entry => entry.Position == after).Count())); // of the page before
        if (rest.Count <= query.PageSize)
            return new() { Entries = [.. rest.Select(entry => entry.Loop.ToEntry(entry.Record))] };

        var page = rest[..query.PageSize];
        var end = page[^1].Position;
        var alike = page.Count(entry => entry.Position == end) + (end == after ? same : 0);
        return new() { Entries = [.. page.Select(entry => entry.Loop.ToEntry(entry.Record))], Cursor = end.ToCursor(alike) };
    }

    private static bool IsSelected(HistoryQuery query, in IterationRecord record) =>
        (query.From is not { } from || record.Slot >= from)
        && (query.To is not { } to || record.Slot < to)
        && (query.Outcome is not { } outcome || record.Outcome == outcome)
        && (query.Reason is not { } reason || record.Reason == reason)
        && !(query.OnlyUnsuccessful && record.Outcome is IterationOutcome.Succeeded);

    private static (HistoryPosition? After, int Same) ReadCursor(string? cursor)
    {
        if (cursor is null)
            return (null, 0);
        return HistoryPosition.TryParse(cursor, out var position, out var same)
            ? (position, same)
            : throw new ArgumentException(
                $"Cursor '{Printable.Escape(cursor)}' is not one of {nameof(HistoryPage)}. "
                + "Pass the Cursor of the page before, or null for the first page.",
                "query");
    }
}
