using System.Globalization;

namespace SafeLoop.Tests;

/// <summary>The history of an application.</summary>
internal sealed class MemoryEntries(MemoryRules rules)
{
    // One transaction deletes no more.
    private const int Chunk = 1_000;

    private readonly List<MemoryEntry> _entries = [];
    private long _last;

    /// <summary>All entries, in the order in which they were saved.</summary>
    public IEnumerable<HistoryEntry> Entries => _entries.Select(Read);

    public void Add(MemoryTask task, HistoryEntry entry, DateTimeOffset now) => _entries.Add(new(++_last, task, entry, now));

    public bool Contains(MemoryTask task, HistoryEntry entry) => _entries.Exists(row =>
        row.Task == task && (row.Entry == entry || row.Entry == entry with { TaskName = row.Entry.TaskName }));

    public bool HasOutcome(MemoryTask task, string? key, DateTimeOffset slot) => _entries.Exists(row =>
        row.Task == task && rules.KeyOf(row.Entry.Key) == rules.KeyOf(key) && !row.Entry.Record.IsManual
        && rules.SlotOf(row.Entry.Record.Slot) == slot);

    public HistoryPage Query(HistoryQuery query, MemoryTask? task)
    {
        var cursor = query.Cursor is { } text ? ReadCursor(text) : default((DateTimeOffset, long)?);
        var found = _entries
            .Where(row => (query.TaskName is null || row.Task == task) && Matches(row.Entry, query))
            .Where(row => cursor is not (var slot, var id)
                || (query.OldestFirst
                    ? (row.Entry.Record.Slot, row.Id).CompareTo((slot, id)) > 0
                    : rules.IsAfter(row, slot, id)))
            .OrderByDescending(row => row.Entry.Record.Slot).ThenByDescending(row => row.Id).ToList();
        if (query.OldestFirst)
            found.Reverse();
        found = [.. found.Take(query.PageSize + 1)];
        var page = found.Take(query.PageSize).ToList();
        return new()
        {
            Entries = [.. page.Select(Read)],
            Cursor = found.Count > page.Count ? WriteCursor(page[^1]) : null,
        };
    }

    /// <returns>True when more is left to delete.</returns>
    public bool Delete(DateTimeOffset now, TimeSpan successes, TimeSpan others)
    {
        var old = _entries.Where(row => now - row.Saved > (IsSuccess(row.Entry) ? successes : others)).ToList();
        var deleted = old.Take(Chunk).ToHashSet();
        _entries.RemoveAll(deleted.Contains);
        return old.Count > Chunk;
    }

    public void Erase(MemoryTask task, string key) =>
        _entries.RemoveAll(row => row.Task == task && rules.KeyOf(row.Entry.Key) == rules.KeyOf(key));

    private bool Matches(HistoryEntry entry, HistoryQuery query) =>
        (query.Key is null || rules.KeyOf(query.Key) == rules.KeyOf(entry.Key))
        && !(entry.Record.Slot < query.From)
        && !(entry.Record.Slot >= query.To)
        && (query.Outcome is null || query.Outcome == entry.Record.Outcome)
        && (query.Reason is null || query.Reason == entry.Record.Reason)
        && !(query.OnlyUnsuccessful && IsSuccess(entry));

    private static bool IsSuccess(HistoryEntry entry) => entry.Record.Outcome is IterationOutcome.Succeeded;

    // A renamed task takes its entries along.
    private static HistoryEntry Read(MemoryEntry row) => row.Entry with { TaskName = row.Task.Name };

    private static string WriteCursor(MemoryEntry row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Entry.Record.Slot.UtcTicks}-{row.Id}");

    private static (DateTimeOffset, long) ReadCursor(string text)
    {
        var parts = text.Split('-');
        if (parts.Length == 2 && TryRead(parts[0], out var ticks) && TryRead(parts[1], out var id)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks)
            return (new(ticks, TimeSpan.Zero), id);
        throw new ArgumentException("The cursor is not one of a page of this store. Begin with the first page.", nameof(text));
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
