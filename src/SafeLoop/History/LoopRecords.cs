namespace SafeLoop;

/// <summary>The records of one loop that are in memory.</summary>
/// <param name="TaskName">The name of the task.</param>
/// <param name="Key">The text of the key; null for an ordinary task.</param>
/// <param name="Records">Oldest first.</param>
/// <param name="Slots">Finds the first of several slots; null: they cannot be found.</param>
internal sealed record LoopRecords(string TaskName, string? Key, IReadOnlyList<IterationRecord> Records, SlotSearch? Slots)
{
    /// <summary>All records of a task. Those of keys are kept for keys with handles of their own and for failing keys.</summary>
    public static IEnumerable<LoopRecords> ReadAll(TaskGroup task)
    {
        var pinned = new HashSet<LoopId>();
        foreach (var loop in task.Loops)
        {
            if (loop.Log.Keyed is { } key)
                pinned.Add(key.Id);
            yield return Read(loop);
        }
        if (task is not KeyedLoops all)
            yield break;
        foreach (var (id, last) in all.Records.FindAll())
        {
            if (!pinned.Contains(id) && all.KeyOf(id) is { } key)
                yield return new(all.Name, LoopName.FormatKey(key.Key), [last], null);
        }
    }

    /// <summary>The records of one loop.</summary>
    public static LoopRecords Read(TaskLoop loop)
    {
        var key = loop.Log.Keyed is { } keyed ? LoopName.FormatKey(keyed.Key) : null;
        return new(loop.Name, key, loop.Log.ToArray(), new(loop.Task, loop.Log.CopyState(), loop.Loop.Schedule.Clock));
    }

    public HistoryEntry ToEntry(in IterationRecord record) => new()
    {
        TaskName = TaskName,
        Key = Key,
        Record = record,
        FirstSlot = record.Count > 1 && !record.IsManual ? Slots?.FirstOf(record.SlotAt, record.Count).ToNullable() : null,
        ErrorType = TypeIn(record),
    };

    // The text of an error begins with the type of the exception. That of a skipped run by hand is a sentence.
    private static string? TypeIn(in IterationRecord record) =>
        record is { Outcome: not IterationOutcome.Skipped, Error: { } error } ? error.Split(':', 2)[0] : null;
}
