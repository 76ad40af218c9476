using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>The memory of a loop: what its policy may know, counts, and the latest records. Of fixed size, whatever happens. What is written here, observers are told.</summary>
/// <remarks>Thread-safe: written by the loop, and by whoever reports a stuck iteration; read by anyone under <see cref="Gate"/>.</remarks>
internal sealed class LoopLog(string name, int capacity, LoopObservers observers, KeyedRecords? records = null)
{
    private const long NotYet = long.MinValue;

    /// <summary>What the loop remembers. The planner and this log write it, and others read it under <see cref="Gate"/>.</summary>
    public LoopState State;

    private Counts _counts;
    private Instant _failingSince; // of the failures in a row; undefined while there are none, and not kept for a key
    private long _succeededAt = NotYet;
    private bool _beganAfterSuccess; // of a key, whose log begins with its handle
    private RecordRing _ring = new(capacity);

    public Lock Gate { get; } = new();

    /// <summary>Which of the loops of a keyed task it is; null: the one loop of an ordinary task.</summary>
    public IKeyed? Keyed { get; set; }


    /// <summary>The number of the next iteration.</summary>
    public long NextNumber() => Interlocked.Increment(ref State.Iterations);

    /// <summary>The slot of the last run by hand; <see cref="Instant.None"/> before the first.</summary>
    public Instant LastManualSlot { get; set; }

    public IterationRecord? Last => _ring.Newest;

    /// <summary>How the last slot ended; for a key, also one that ended before the log began. Null before the first.</summary>
    public IterationOutcome? LastOutcome => Last?.Outcome ?? (Keyed is null || State.Ended.IsNone ? null : State.Outcome);

    /// <summary>When the last slot ended; none before the first.</summary>
    public Instant LastEnded => Last?.Ended ?? (Keyed is null ? Instant.None : State.Ended);

    public Instant LastSuccess =>
        CountOf(IterationOutcome.Succeeded) > 0 || _beganAfterSuccess ? LastSuccessOrRegistration : Instant.None;

    /// <summary>When the last success ended; before the first, when the task was registered.</summary>
    public Instant LastSuccessOrRegistration { get; set; }

    /// <summary>The timestamp of the last success, which nobody can set back; null: none yet.</summary>
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

    /// <param name="record">What happened.</param>
    /// <param name="exception">What was thrown; null: nothing.</param>
    /// <param name="ranOrWasDue">False: a run by hand that did not take place, by which no schedule is moved.</param>
    /// <param name="firstSlot">The first of several slots that the record covers; none when it covers one.</param>
    /// <param name="consequence">What follows from a failure.</param>
    public void Add(
        in IterationRecord record,
        Exception? exception,
        bool ranOrWasDue = true,
        Instant firstSlot = default,
        FailureConsequence consequence = FailureConsequence.None)
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

            _ring.Add(record);
            failures = State.ConsecutiveFailures;
        }
        if (Keyed is not null)
            records?.Add(Keyed, record, exception);

        observers.Tell(new LoopEvent
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
        });
    }

    private (int Failures, TimeSpan? For) EndFailures(Instant now)
    {
        if (State.ConsecutiveFailures is not (> 0 and var failures))
            return default;
        var since = Keyed is not null && records is not null ? records.FailingSince(Keyed) : _failingSince;
        State.ConsecutiveFailures = 0;
        return (failures, now - since);
    }

    /// <summary>Slots in which nothing ran.</summary>
    public void Skip(long count, Instant slot, OutcomeReason reason, Instant now, Instant firstSlot = default) =>
        Add(new(slot, now, IterationOutcome.Skipped, reason, count), null, firstSlot: firstSlot);

    /// <summary>A stuck iteration, which was recorded long ago, has ended: what counts from the end counts from now.</summary>
    public void HasEndedAtLast(Instant ended)
    {
        lock (Gate)
            State.Ended = ended;
    }

    /// <summary>Resets the failures in a row.</summary>
    public void ForgetFailures()
    {
        lock (Gate)
            State.ConsecutiveFailures = 0;
    }

    /// <summary>Records a run that will not take place.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="reason">Why not.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="byHand">True for a run by hand.</param>
    /// <param name="error">Why the request was refused; null: it was not.</param>
    /// <param name="count">The number of slots that end so, <paramref name="slot"/> being the last.</param>
    public IterationRecord Drop(Instant slot, OutcomeReason reason, Instant now, bool byHand, string? error = null, long count = 1)
    {
        var outcome = reason is OutcomeReason.HostStopping or OutcomeReason.Removed or OutcomeReason.Cancelled ? IterationOutcome.Interrupted : IterationOutcome.Skipped;
        var record = new IterationRecord(slot, now, outcome, reason, count) { Error = error, IsManual = byHand };
        Add(record, null, ranOrWasDue: !byHand);
        return record;
    }

    /// <summary>From now on so many of the latest records are kept.</summary>
    public void Keep(int length)
    {
        lock (Gate)
        {
            if (length == _ring.Capacity)
                return;
            var ring = new RecordRing(length);
            foreach (var record in _ring.ToArray())
                ring.Add(record);
            _ring = ring;
        }
    }

    /// <summary>Replaces the records and counts of other loops by what is known of this loop.</summary>
    /// <param name="length">The number of records to keep.</param>
    /// <param name="failing">The failures since the last success; null: none are known.</param>
    public void BeginAnew(int length, (IterationRecord Last, long Failed, long TimedOut)? failing)
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
    /// Attaches another loop of a keyed task. Under the gate, so that no reader sees a loop with the state of another.
    /// </summary>
    public void Load(IKeyed loop, in LoopState state)
    {
        lock (Gate)
            (Keyed, State) = (loop, state);
    }

    /// <summary>Reads the state of one loop of a keyed task.</summary>
    /// <returns>False when another loop is attached.</returns>
    public bool TryGetState(IKeyed loop, ref LoopState state)
    {
        lock (Gate)
        {
            if (Keyed != loop)
                return false;
            state = State;
            return true;
        }
    }

    /// <summary>The latest records, oldest first.</summary>
    public IterationRecord[] ToArray()
    {
        lock (Gate)
            return _ring.ToArray();
    }

    // No slot ends in None, which is 0.
    private static int IndexOf(IterationOutcome outcome) => (int)outcome - 1;

    [InlineArray(5)]
    private struct Counts
    {
        private long _ofOutcome;
    }
}
