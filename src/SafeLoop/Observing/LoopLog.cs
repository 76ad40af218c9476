using System.Runtime.CompilerServices;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// The recorded history of a loop: the state for its policy, counts, and the latest records, in bounded memory. Publishes each
/// record to the observers.
/// </summary>
/// <remarks>
/// Thread-safe. The loop writes it, and the thread that reports a stuck iteration. Any thread may read it under
/// <see cref="Gate"/>.
/// </remarks>
internal sealed class LoopLog(string name, int capacity, LoopObservers observers, KeyedRecords? records = null)
{
    private const long NotYet = long.MinValue;

    /// <summary>
    /// The state of the loop. The planner and this log write it; other code reads it under <see cref="Gate"/>.
    /// </summary>
    public LoopState State;

    private Counts _counts;
    private Instant _failingSince; // the first failure in a row; undefined when there is none, and not used for a key
    private long _succeededAt = NotYet;
    private bool _beganAfterSuccess; // for a key, whose log begins when its handle is created
    private RecordRing _ring = new(capacity);

    public Lock Gate { get; } = new();

    /// <summary>The loop of a keyed task; null for an ordinary task.</summary>
    public IKeyed? Keyed { get; set; }

    /// <summary>Increments the number of started iterations and returns it.</summary>
    public long NextNumber() => Interlocked.Increment(ref State.Iterations);

    /// <summary>The slot of the last run by hand; <see cref="Instant.None"/> before the first.</summary>
    public Instant LastManualSlot { get; set; }

    /// <summary>The latest slot of the schedule with an outcome since the loop was attached; none before the first.</summary>
    public Instant LastRecordedSlot { get; private set; }

    public IterationRecord? Last => _ring.Newest;

    /// <summary>How the last slot ended, for a key also before the log began. Null before the first.</summary>
    public IterationOutcome? LastOutcome => Last?.Outcome ?? (Keyed is null || State.Ended.IsNone ? null : State.Outcome);

    /// <summary>When the last slot ended; <see cref="Instant.None"/> before the first.</summary>
    public Instant LastEnded => Last?.Ended ?? (Keyed is null ? Instant.None : State.Ended);

    public Instant LastSuccess =>
        CountOf(IterationOutcome.Succeeded) > 0 || _beganAfterSuccess ? LastSuccessOrRegistration : Instant.None;

    /// <summary>When the last success ended; before the first success, when the task was registered.</summary>
    public Instant LastSuccessOrRegistration { get; set; }

    /// <summary>The timestamp of the last success on the monotonic clock; null before the first.</summary>
    public long? SucceededAt
    {
        get => _succeededAt == NotYet ? null : _succeededAt;
        set => _succeededAt = value ?? NotYet;
    }

    public Exception? LastException { get; private set; }

    /// <summary>The error of the last failure, if the log of a key began after it; null otherwise.</summary>
    public string? ErrorBefore { get; private set; }

    public long Missed { get; private set; }

    public long CountOf(IterationOutcome outcome) => _counts[IndexOf(outcome)];

    /// <param name="record">The outcome of the slot.</param>
    /// <param name="exception">The exception; null when none was thrown.</param>
    /// <param name="ranOrWasDue">False for a run by hand that did not take place: it does not affect the schedule.</param>
    /// <param name="firstSlot">
    /// The first of several slots that the record covers; <see cref="Instant.None"/> when it covers one.
    /// </param>
    /// <param name="consequence">The consequence of a failure.</param>
    /// <param name="fencingToken">The fencing token of the lock or, where it was refused, of its holder; 0: none.</param>
    /// <param name="traceId">The id of the trace of an iteration that did not succeed; null: none.</param>
    public void Add(
        in IterationRecord record,
        Exception? exception,
        bool ranOrWasDue = true,
        Instant firstSlot = default,
        FailureConsequence consequence = FailureConsequence.None,
        long fencingToken = 0,
        string? traceId = null)
    {
        int failures, before = 0;
        TimeSpan? failing = null;
        lock (Gate)
        {
            _counts[IndexOf(record.Outcome)] += record.Count;
            if (record.Reason is OutcomeReason.Missed)
                Missed += record.Count;
            if (ranOrWasDue)
                (State.Outcome, State.Ended) = (record.Outcome, record.Ended);
            if (!record.IsManual)
                LastRecordedSlot = Instant.Max(LastRecordedSlot, record.SlotAt);
            if (record.Number > 0 && Keyed is not null)
                State.Elapsed = record.Elapsed;

            if (record.Outcome is IterationOutcome.Succeeded)
            {
                (before, failing) = EndFailures(record.Ended);
                LastSuccessOrRegistration = record.Ended;
            }
            else if (record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
            {
                if (State.ConsecutiveFailures++ == 0)
                    _failingSince = record.Ended;
                (LastException, ErrorBefore) = (exception, null);
            }

            _ring.Add(record, new(fencingToken, firstSlot, traceId));
            failures = State.ConsecutiveFailures;
        }
        if (Keyed is not null)
            records?.Add(Keyed.Id, record, exception);

        observers.Publish(new LoopEvent
        {
            Kind = LoopEventKind.IterationEnded,
            TaskName = name,
            Keyed = Keyed,
            Record = record,
            ConsecutiveFailures = failures,
            Consequence = consequence,
            FailuresBefore = before,
            FailingFor = failing,
            Exception = exception,
            FirstSlot = firstSlot,
            FencingToken = fencingToken,
            TraceId = traceId,
        });
    }

    private (int Failures, TimeSpan? For) EndFailures(Instant now)
    {
        if (State.ConsecutiveFailures is not (> 0 and var failures))
            return default;
        var since = Keyed is not null && records is not null ? records.FailingSince(Keyed.Id) : _failingSince;
        State.ConsecutiveFailures = 0;
        return (failures, now - since);
    }

    /// <summary>Records skipped slots.</summary>
    public void Skip(
        long count, Instant slot, OutcomeReason reason, Instant now, Instant firstSlot = default, string? why = null) =>
        Add(new(slot, now, IterationOutcome.Skipped, reason, count) { Error = why }, null, firstSlot: firstSlot);

    /// <summary>Counts a stuck iteration of a key. Its outcome is recorded like that of any other.</summary>
    public void OnStuckIterationBegan() => records?.OnStuckIterationBegan();

    /// <summary>Records the end of a stuck iteration. Its outcome was recorded when it was reported as stuck.</summary>
    public void OnStuckIterationEnded(Instant ended)
    {
        lock (Gate)
            State.Ended = ended;
        records?.OnStuckIterationEnded();
    }

    /// <summary>Restores what a store remembers, before the first iteration of the loop.</summary>
    public void Restore(StoredLoop stored)
    {
        lock (Gate)
        {
            State.ConsecutiveFailures = stored.End is null ? stored.ConsecutiveFailures : 0; // it begins again
            if (stored.LastEnded is { } ended)
                (State.Ended, State.Outcome) = (ended, stored.LastOutcome);
            if (stored.LastSuccess is { } success)
                LastSuccessOrRegistration = success;
        }
        AddCounts(stored.Counts);
    }

    /// <summary>Restores what a store remembers of the loop of a key.</summary>
    public void Restore(StoredLoop stored, bool withSlots)
    {
        lock (Gate)
            StoredStates.Restore(ref State, stored, withSlots);
    }

    /// <summary>Adds the counts of earlier processes.</summary>
    public void AddCounts(in OutcomeCounts counts)
    {
        lock (Gate)
        {
            _counts[IndexOf(IterationOutcome.Succeeded)] += counts.Succeeded;
            _counts[IndexOf(IterationOutcome.Failed)] += counts.Failed;
            _counts[IndexOf(IterationOutcome.TimedOut)] += counts.TimedOut;
            _counts[IndexOf(IterationOutcome.Interrupted)] += counts.Interrupted;
            _counts[IndexOf(IterationOutcome.Skipped)] += counts.Skipped;
        }
    }

    /// <summary>Resets the count of consecutive failures.</summary>
    public void ResetFailures()
    {
        lock (Gate)
            State.ConsecutiveFailures = 0;
    }

    /// <summary>Records a run that will not take place.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="now">The current instant.</param>
    /// <param name="byHand">True for a run by hand.</param>
    /// <param name="error">Why a request was refused; null when none was.</param>
    /// <param name="count">The number of slots with this outcome. <paramref name="slot"/> is the last of them.</param>
    /// <param name="firstSlot">The first of them; <see cref="Instant.None"/> when there is one.</param>
    public IterationRecord Drop(
        Instant slot,
        OutcomeReason reason,
        Instant now,
        bool byHand,
        string? error = null,
        long count = 1,
        Instant firstSlot = default)
    {
        var outcome = reason is OutcomeReason.HostStopping or OutcomeReason.Removed or OutcomeReason.Cancelled
                or OutcomeReason.ShardLost
            ? IterationOutcome.Interrupted
            : IterationOutcome.Skipped;
        var record = new IterationRecord(slot, now, outcome, reason, count) { Error = error, IsManual = byHand };
        Add(record, null, ranOrWasDue: !byHand, firstSlot);
        return record;
    }

    /// <summary>Changes the number of records that are kept.</summary>
    public void Resize(int length)
    {
        lock (Gate)
        {
            if (length == _ring.Capacity)
                return;
            var ring = new RecordRing(length);
            foreach (var (record, extra) in _ring.ToArrayWithExtras())
                ring.Add(record, extra);
            _ring = ring;
        }
    }

    /// <summary>Replaces records and counts of another loop by the known data of this loop.</summary>
    /// <param name="length">The number of records to keep.</param>
    /// <param name="failing">The failures since the last success; null: none are known.</param>
    public void Reset(int length, (IterationRecord Last, long Failed, long TimedOut)? failing)
    {
        lock (Gate)
        {
            (_counts, Missed, SucceededAt, LastException, _ring) = (default, 0, null, null, new RecordRing(length));
            ErrorBefore = failing?.Last.Error;
            _beganAfterSuccess = !State.Ended.IsNone && State.Outcome is IterationOutcome.Succeeded;
            if (_beganAfterSuccess)
                LastSuccessOrRegistration = State.Ended;
            if (failing is not { } kept)
                return;
            _counts[IndexOf(IterationOutcome.Failed)] = kept.Failed;
            _counts[IndexOf(IterationOutcome.TimedOut)] = kept.TimedOut;
            _ring.Add(kept.Last);
        }
    }

    /// <summary>
    /// Attaches another loop of a keyed task. Holds the gate, so that a reader never combines one loop with the state of
    /// another.
    /// </summary>
    public void Load(IKeyed loop, in LoopState state)
    {
        lock (Gate)
            (Keyed, State, LastRecordedSlot) = (loop, state, Instant.None);
    }

    /// <summary>Sets the state with which the loop continues from another host.</summary>
    public void Load(in LoopState state)
    {
        lock (Gate)
            State = state;
    }

    /// <summary>Reads the state of one loop of a keyed task.</summary>
    /// <returns>False when another loop is attached.</returns>
    public bool TryGetState(LoopId loop, ref LoopState state)
    {
        lock (Gate)
        {
            if (Keyed?.Id != loop)
                return false;
            state = State;
            return true;
        }
    }

    /// <summary>Copies the state of the loop.</summary>
    public LoopState CopyState()
    {
        lock (Gate)
            return State;
    }

    /// <summary>The latest records, oldest first.</summary>
    public IterationRecord[] ToArray()
    {
        lock (Gate)
            return _ring.ToArray();
    }

    /// <summary>The latest records with what those that did not succeed have beside, oldest first.</summary>
    public (IterationRecord Record, RecordExtra Extra)[] ToArrayWithExtras()
    {
        lock (Gate)
            return _ring.ToArrayWithExtras();
    }

    // Outcomes start at 1; None (0) never ends a slot.
    private static int IndexOf(IterationOutcome outcome) => (int)outcome - 1;

    [InlineArray(5)]
    private struct Counts
    {
        private long _ofOutcome;
    }
}
