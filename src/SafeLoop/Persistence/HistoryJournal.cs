using System.Collections.Concurrent;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>What has happened since the last batch, in bounded memory.</summary>
/// <param name="time">The clock.</param>
/// <param name="onDirty">Called when there is something to save that was not there before.</param>
/// <remarks>Thread-safe, but for the taking of batches.</remarks>
internal sealed class HistoryJournal(TimeProvider time, Action onDirty)
{
    // The most rows in memory, of each kind. At the usual size of an error that is less than 10 MB.
    private const int MostFailures = 20_000, MostOthers = 5_000, MostSuccesses = 10_000;

    private const int BatchSize = 500;

    private static readonly TimeSpan BetweenBatches = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TaskJournal> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<HistoryEntry> _taken = [];
    private readonly Queue<HistoryEntry> _successes = [];
    private readonly Lock _gate = new();
    private HistoryGap? _gap;
    private long _missing;
    private int _successesToTake; // those of the batches that are being taken
    private int _failures; // rows that are not saved yet
    private int _others;
    private int _isDirty;
    private long? _lastBatch;

    /// <summary>How many outcomes history lacks since the start of the host.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    /// <summary>The journal of a task.</summary>
    public TaskJournal GetTask(string task) => _tasks.GetOrAdd(task, static name => new TaskJournal(name));

    /// <summary>Counts an outcome.</summary>
    /// <param name="task">The journal of the task.</param>
    /// <param name="record">The outcome.</param>
    /// <param name="failures">How many failures in a row there are now.</param>
    /// <param name="isRow">True: a success is a row, too; rows of the same minute are folded.</param>
    public void Count(TaskJournal task, in IterationRecord record, int failures, bool isRow)
    {
        var (folded, first) = task.Add(record, failures, isRow);
        AddSuccess(folded);
        AddSuccess(first);
        MarkDirty();
    }

    /// <summary>Counts the slot of a key whose host was lost.</summary>
    public void CountLost(SlotClaim claim)
    {
        GetTask(claim.TaskName).AddLost(
            new() { Slot = claim.Slot, Outcome = IterationOutcome.Interrupted, Reason = OutcomeReason.HostLost },
            time.GetUtcNow());
        MarkDirty();
    }

    /// <summary>Reserves a row for an outcome that was counted.</summary>
    /// <returns>False when there is no room: then it is in the gap, and no row need be made.</returns>
    public bool TryReserve(TaskJournal task, in IterationRecord record)
    {
        var isFailure = IsFailure(record);
        ref var rows = ref isFailure ? ref _failures : ref _others;
        if (Interlocked.Increment(ref rows) <= (isFailure ? MostFailures : MostOthers) && task.TryReserve(record))
            return true;
        Interlocked.Decrement(ref rows);
        AddToGap(record);
        return false;
    }

    /// <summary>Adds a row that was reserved.</summary>
    public void Add(TaskJournal task, HistoryEntry entry)
    {
        task.Add(entry);
        MarkDirty(); // a batch may have been taken since the outcome was counted
    }

    /// <summary>Sets the state of one key.</summary>
    public void Set(LoopChange change)
    {
        GetTask(change.Loop.TaskName).Set(change);
        MarkDirty();
    }

    /// <summary>Drops what is not saved yet of a key. Not while a batch is being taken.</summary>
    public void Erase(string task, string key)
    {
        foreach (var entry in GetTask(task).Erase(key))
            Release(entry);
        for (var left = _taken.Count; left > 0; left--)
        {
            var entry = _taken.Dequeue();
            if (IsOf(entry, task, key))
                Release(entry);
            else
                _taken.Enqueue(entry);
        }
    }

    /// <summary>A batch without what it has of a key.</summary>
    public static StoreBatch Without(StoreBatch batch, string task, string key) => batch with
    {
        History = [.. batch.History.Where(entry => !IsOf(entry, task, key))],
        Loops =
        [
            .. batch.Loops.Where(change => change.Loop.Key != key
                || !task.Equals(change.Loop.TaskName, StringComparison.OrdinalIgnoreCase)),
        ],
    };

    /// <summary>Sets why the loop of a task has ended; null: it has started.</summary>
    public void SetEnd(string task, LoopEnd? end, string? reason)
    {
        if (GetTask(task).SetEnd(end, reason))
            MarkDirty();
    }

    /// <summary>Called when the store has an end of a task, whose loop has begun again unless it has ended here.</summary>
    public void OnEndLoaded(string task)
    {
        if (GetTask(task).OnEndLoaded())
            MarkDirty();
    }

    /// <summary>When the next batch is due; <see cref="long.MaxValue"/>: nothing is to be saved.</summary>
    public long DueAt(long now) =>
        Volatile.Read(ref _isDirty) == 0 ? EndOfMinute(now)
        : _lastBatch is { } last ? time.TimestampAfter(last, BetweenBatches)
        : now;

    /// <summary>Takes what is to be saved, when a batch is due; null: none is.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="isLast">True: everything, because the host stops.</param>
    public StoreBatch? TakeBatch(long now, bool isLast)
    {
        var (loops, totals) = (new List<LoopChange>(), new List<HourlyTotal>());
        if (_taken.Count == 0 && _successesToTake == 0)
        {
            if (!isLast && DueAt(now) > now)
                return null;
            Volatile.Write(ref _isDirty, 0); // before the journals are read: what is added meanwhile belongs to the next batch
            foreach (var journal in _tasks.Values)
                AddSuccess(journal.TakeAll(time.GetUtcNow(), isLast, loops, totals, _taken));
            lock (_gate)
                _successesToTake = _successes.Count;
            _lastBatch = now;
        }

        var gap = TakeGap();
        if (_taken.Count == 0 && _successesToTake == 0 && loops.Count == 0 && totals.Count == 0 && gap is null)
            return null;
        return new()
        {
            Instance = Guid.Empty, // BatchSaver sets both
            Number = 0,
            History = TakeRows(),
            Loops = loops,
            Totals = totals,
            Gap = gap,
        };
    }

    private static bool IsFailure(in IterationRecord record) =>
        record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut;

    private List<HistoryEntry> TakeRows()
    {
        var rows = new List<HistoryEntry>(Math.Min(_taken.Count + _successesToTake, BatchSize));
        while (rows.Count < BatchSize && _taken.TryDequeue(out var entry))
        {
            rows.Add(entry);
            Release(entry);
        }
        lock (_gate)
        {
            for (; rows.Count < BatchSize && _successesToTake > 0; _successesToTake--)
                rows.Add(_successes.Dequeue());
        }
        return rows;
    }

    private void Release(HistoryEntry entry) =>
        Interlocked.Decrement(ref IsFailure(entry.Record) ? ref _failures : ref _others);

    private static bool IsOf(HistoryEntry entry, string task, string key) =>
        entry.Key == key && task.Equals(entry.TaskName, StringComparison.OrdinalIgnoreCase);

    private void MarkDirty()
    {
        if (Volatile.Read(ref _isDirty) == 0 && Interlocked.Exchange(ref _isDirty, 1) == 0)
            onDirty();
    }

    private void AddSuccess(HistoryEntry? row)
    {
        if (row is null)
            return;
        lock (_gate)
        {
            _successes.Enqueue(row);
            if (_successes.Count > MostSuccesses)
                AddToGap(_successes.Dequeue().Record);
        }
    }

    private void AddToGap(in IterationRecord record)
    {
        var ended = record.Ended.ToDateTimeOffset();
        lock (_gate)
        {
            _missing += record.Count;
            _gap ??= new() { From = ended, To = ended, Missing = default };
            _gap = _gap with
            {
                From = ended < _gap.From ? ended : _gap.From, // a success is dropped when it is old
                To = ended > _gap.To ? ended : _gap.To,
                Missing = _gap.Missing.Add(record.Outcome, record.Count),
            };
        }
    }

    private HistoryGap? TakeGap()
    {
        lock (_gate)
        {
            var gap = _gap;
            _gap = null;
            return gap;
        }
    }

    // A folded row of successes is complete when its minute is over.
    private long EndOfMinute(long now)
    {
        if (!_tasks.Values.Any(static journal => journal.HasFold))
            return long.MaxValue;
        var passed = time.GetUtcNow().Ticks % TimeSpan.TicksPerMinute;
        return time.TimestampAfter(now, TimeSpan.FromTicks(TimeSpan.TicksPerMinute - passed));
    }
}
