using System.Runtime.InteropServices;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>What has happened to one task since the last batch.</summary>
/// <remarks>Thread-safe. Adding a success allocates nothing but one row a minute.</remarks>
internal sealed class TaskJournal(string task)
{
    // More unsuccessful outcomes of a task in a second are counted, but are no rows.
    private const int MostRowsPerSecond = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<(long Hour, IterationOutcome Outcome, OutcomeReason Reason), Total> _totals = [];
    private readonly Dictionary<string, LoopChange> _keys = [];
    private (long Hour, IterationOutcome Outcome, OutcomeReason Reason) _lastKey; // a lookup costs as much as the rest of adding
    private Total? _lastTotal;
    private readonly SuccessFold _successes = new(task);
    private List<HistoryEntry> _entries = [];
    private OutcomeCounts _counts;
    private IterationRecord _last;
    private DateTimeOffset? _lastSuccess;
    private int _failures;
    private LoopEnd? _end;
    private string? _endReason;
    private bool _hasEndChanged;
    private long _second;
    private int _rowsInSecond;
    private volatile FoundGroup? _found; // cached: each iteration needs it, and a lookup takes the lock of all tasks

    /// <summary>True when a folded row of successes waits for the end of its minute.</summary>
    public bool HasFold
    {
        get
        {
            lock (_gate)
                return _successes.IsOpen;
        }
    }

    /// <summary>True when the slots of the task are remembered.</summary>
    public bool IsRemembered(RecurringTasks tasks)
    {
        var (found, changes) = (_found, tasks.Changes);
        if (found?.Changes != changes)
            _found = found = new(tasks.FindEntered(task), changes);
        return found!.Group?.Task.Options.SurviveRestarts is not null;
    }

    /// <summary>Adds an outcome.</summary>
    /// <param name="record">The outcome.</param>
    /// <param name="failures">How many failures in a row there are now.</param>
    /// <param name="isRow">True: a success is a row, too.</param>
    /// <returns>Rows of successes that are complete; null: none.</returns>
    public (HistoryEntry? Folded, HistoryEntry? First) Add(in IterationRecord record, int failures, bool isRow)
    {
        var ended = record.Ended.ToDateTimeOffset();
        lock (_gate)
        {
            _counts = _counts.Add(record.Outcome, record.Count);
            AddToTotals(record, ended);
            (_last, _failures) = (record, failures);
            if (record.Outcome is not IterationOutcome.Succeeded)
                return default;
            _lastSuccess = ended;
            return isRow ? _successes.Add(record) : default;
        }
    }

    /// <summary>Adds the slot of a key whose host was lost to the totals.</summary>
    public void AddLost(in IterationRecord record, DateTimeOffset now)
    {
        lock (_gate)
            AddToTotals(record, now);
    }

    /// <summary>Reserves a row.</summary>
    /// <returns>False when the outcome is only counted, because there were too many in this second.</returns>
    public bool TryReserve(in IterationRecord record)
    {
        var second = record.Started.UtcTicks / TimeSpan.TicksPerSecond;
        lock (_gate)
        {
            if (second != _second)
                (_second, _rowsInSecond) = (second, 0);
            if (_rowsInSecond >= MostRowsPerSecond)
                return false;
            _rowsInSecond++;
            return true;
        }
    }

    /// <summary>Adds a row that was reserved.</summary>
    public void Add(HistoryEntry entry)
    {
        lock (_gate)
            _entries.Add(entry);
    }

    /// <summary>Sets the state of one key.</summary>
    public void Set(LoopChange change)
    {
        lock (_gate)
        {
            ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, change.Loop.Key!, out _);
            set = set is null ? change : KeyChanges.Merge(set, change);
        }
    }

    /// <summary>Sets why the loop has ended; null: it has started.</summary>
    /// <returns>True when this is to be saved.</returns>
    public bool SetEnd(LoopEnd? end, string? reason)
    {
        lock (_gate)
        {
            _hasEndChanged |= end is not null || _end is not null;
            (_end, _endReason) = (end, reason);
            return _hasEndChanged;
        }
    }

    /// <summary>Called when the store has an end. It is cleared, unless the loop has ended here meanwhile.</summary>
    /// <returns>True when this is to be saved.</returns>
    public bool OnEndLoaded()
    {
        lock (_gate)
            return _hasEndChanged = true;
    }

    /// <summary>Drops the state and the rows of a key.</summary>
    /// <returns>The rows.</returns>
    public List<HistoryEntry> Erase(string key)
    {
        lock (_gate)
        {
            _keys.Remove(key);
            var erased = _entries.FindAll(entry => entry.Key == key);
            _entries.RemoveAll(entry => entry.Key == key);
            return erased;
        }
    }

    /// <summary>Takes everything.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="isLast">True: with the folded row of the present minute.</param>
    /// <param name="loops">Receives the states.</param>
    /// <param name="totals">Receives the totals.</param>
    /// <param name="history">Receives the rows that were reserved.</param>
    /// <returns>The folded row of successes; null: none is complete.</returns>
    public HistoryEntry? TakeAll(
        DateTimeOffset now, bool isLast, List<LoopChange> loops, List<HourlyTotal> totals, Queue<HistoryEntry> history)
    {
        List<HistoryEntry> entries;
        HistoryEntry? folded;
        lock (_gate)
        {
            folded = _successes.Close(isLast ? DateTimeOffset.MaxValue : now);
            (entries, _entries) = (_entries, []);
            if (_counts != default || _hasEndChanged)
                loops.Add(ToChange());
            loops.AddRange(_keys.Values);
            totals.AddRange(_totals.Select(total => total.Value.ToHourlyTotal(task, total.Key)));
            (_counts, _hasEndChanged) = (default, false);
            _keys.Clear();
            _totals.Clear();
            _lastTotal = null;
        }
        foreach (var entry in entries)
            history.Enqueue(entry);
        return folded;
    }

    private void AddToTotals(in IterationRecord record, DateTimeOffset at)
    {
        var ticks = at.UtcTicks;
        if (_lastTotal is null || (ulong)(ticks - _lastKey.Hour) >= TimeSpan.TicksPerHour
            || _lastKey.Outcome != record.Outcome || _lastKey.Reason != record.Reason)
        {
            _lastKey = (ticks - (ticks % TimeSpan.TicksPerHour), record.Outcome, record.Reason);
            _lastTotal = CollectionsMarshal.GetValueRefOrAddDefault(_totals, _lastKey, out _) ??= new();
        }
        _lastTotal.Add(record);
    }

    private LoopChange ToChange() => new()
    {
        HasEndChanged = _hasEndChanged,
        Loop = new()
        {
            TaskName = task,
            LastEnded = _last.Outcome is IterationOutcome.None ? null : _last.Ended.ToDateTimeOffset(),
            LastOutcome = _last.Outcome,
            LastSuccess = _lastSuccess,
            ConsecutiveFailures = _failures,
            Counts = _counts,
            End = _end,
            EndReason = _endReason,
        },
    };

    private sealed record FoundGroup(TaskGroup? Group, int Changes);

    private sealed class Total
    {
        private long _count;
        private TimeSpan _elapsed;
        private TimeSpan _longest;
        private TimeSpan _maxLateness;

        public void Add(in IterationRecord record)
        {
            _count += record.Count;
            _elapsed += record.Elapsed;
            _longest = record.Elapsed > _longest ? record.Elapsed : _longest;
            _maxLateness = record.Lateness > _maxLateness ? record.Lateness : _maxLateness;
        }

        public HourlyTotal ToHourlyTotal(
            string task, (long Hour, IterationOutcome Outcome, OutcomeReason Reason) key) => new()
        {
            TaskName = task,
            Hour = new(key.Hour, TimeSpan.Zero),
            Outcome = key.Outcome,
            Reason = key.Reason,
            Count = _count,
            Elapsed = _elapsed,
            LongestElapsed = _longest,
            MaxLateness = _maxLateness,
        };
    }
}
