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
    /// <param name="rows">Receives rows.</param>
    public void Add(in IterationRecord record, List<HistoryEntry> rows)
    {
        var minute = MinuteOf(record.Ended.ToDateTimeOffset());
        if (minute != _minute)
        {
            TakeRow(rows);
            _minute = minute;
            rows.Add(new() { TaskName = task, Record = record });
            return;
        }
        if (_count == 0)
            _first = record.Slot;
        (_last, _count, _elapsed) = (record, _count + record.Count, _elapsed + record.Elapsed);
        _longest = record.Elapsed > _longest ? record.Elapsed : _longest;
    }

    /// <summary>Makes a row of the minutes that are over.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="rows">Receives the row.</param>
    public void Close(DateTimeOffset now, List<HistoryEntry> rows)
    {
        if (_minute < MinuteOf(now))
            TakeRow(rows);
    }

    private static long MinuteOf(DateTimeOffset instant) => instant.UtcTicks / TimeSpan.TicksPerMinute;

    private void TakeRow(List<HistoryEntry> rows)
    {
        if (_count == 0)
            return;
        rows.Add(new()
        {
            TaskName = task,
            Record = _last with { Count = _count, Elapsed = _elapsed },
            FirstSlot = _count > 1 ? _first : null,
            LongestElapsed = _count > 1 ? _longest : TimeSpan.Zero,
        });
        (_count, _elapsed, _longest) = (0, TimeSpan.Zero, TimeSpan.Zero);
    }
}
