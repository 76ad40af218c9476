namespace SafeLoop;

/// <summary>The records of one loop that are in memory.</summary>
/// <param name="TaskName">The name of the task.</param>
/// <param name="Key">The text of the key; null for an ordinary task.</param>
/// <param name="Records">Oldest first.</param>
/// <param name="Slots">Finds the first of several slots; null: they cannot be found.</param>
internal sealed record LoopRecords(string TaskName, string? Key, IReadOnlyList<RecordedSlot> Records, SlotSearch? Slots)
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
                yield return new(all.Name, LoopName.IdentifyKey(key.Key), [new(last, default)], null);
        }
    }

    /// <summary>The records of one loop.</summary>
    public static LoopRecords Read(TaskLoop loop)
    {
        var key = loop.Log.Keyed is { } keyed ? LoopName.IdentifyKey(keyed.Key) : null;
        var records = loop.Log.ToArrayWithExtras().Select(slot => new RecordedSlot(slot.Record, slot.Extra));
        return new(loop.Name, key, [.. records], new(loop.Task, loop.Log.CopyState(), loop.Loop.Schedule.Clock));
    }

    public HistoryEntry ToEntry(in RecordedSlot slot)
    {
        var (record, extra) = (slot.Record, slot.Extra);
        return new()
        {
            TaskName = TaskName,
            Key = Key,
            Record = record,
            FirstSlot = record is { Count: 1 } or { IsManual: true } ? null
                : !extra.FirstSlot.IsNone ? extra.FirstSlot.ToNullable()
                : Slots?.FirstOf(record.SlotAt, record.Count).ToNullable(),
            ErrorType = TypeIn(record),
            FencingToken = extra.FencingToken,
            TraceId = extra.TraceId,
        };
    }

    // The text of an error begins with the type of the exception. That of what was skipped is a sentence.
    private static string? TypeIn(in IterationRecord record) =>
        record is { Outcome: not IterationOutcome.Skipped, Error: { } error } ? error.Split(':', 2)[0] : null;
}
