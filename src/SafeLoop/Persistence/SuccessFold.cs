namespace SafeLoop;

/// <summary>Folds the successes of a task: the first of a minute is a row at once, the others are one row at its end.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SuccessFold(string task)
{
    private long _minute;
    private IterationRecord _last;
    private DateTimeOffset _first;
    private long _count;
    private TimeSpan _elapsed;
    private TimeSpan _longest;

    /// <summary>True when successes of a minute are not a row yet.</summary>
    public bool IsOpen => _count > 0;

    /// <param name="record">A success.</param>
    /// <returns>Rows: the folded one of an earlier minute, and the first of a new one; null: none.</returns>
    public (HistoryEntry? Folded, HistoryEntry? First) Add(in IterationRecord record)
    {
        var minute = MinuteOf(record.Ended.ToDateTimeOffset());
        if (minute != _minute)
        {
            _minute = minute;
            return (TakeRow(), new() { TaskName = task, Record = record });
        }
        if (_count == 0)
            _first = record.Slot;
        (_last, _count, _elapsed) = (record, _count + record.Count, _elapsed + record.Elapsed);
        _longest = record.Elapsed > _longest ? record.Elapsed : _longest;
        return default;
    }

    /// <summary>Makes a row of the minutes that are over.</summary>
    /// <param name="now">The present time.</param>
    /// <returns>The row; null: none.</returns>
    public HistoryEntry? Close(DateTimeOffset now) => _minute < MinuteOf(now) ? TakeRow() : null;

    private static long MinuteOf(DateTimeOffset instant) => instant.UtcTicks / TimeSpan.TicksPerMinute;

    private HistoryEntry? TakeRow()
    {
        if (_count == 0)
            return null;
        var row = new HistoryEntry
        {
            TaskName = task,
            Record = _last with { Count = _count, Elapsed = _elapsed },
            FirstSlot = _count > 1 ? _first : null,
            LongestElapsed = _count > 1 ? _longest : TimeSpan.Zero,
        };
        (_count, _elapsed, _longest) = (0, TimeSpan.Zero, TimeSpan.Zero);
        return row;
    }
}
