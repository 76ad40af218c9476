namespace SafeLoop;

/// <summary>The counts of all loops of a keyed task, including those of removed keys.</summary>
internal struct KeyedTotals
{
    public long Iterations { get; private set; }

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    public long TimedOut { get; private set; }

    public long Interrupted { get; private set; }

    public long Skipped { get; private set; }

    public long Missed { get; private set; }

    public IterationRecord? Last { get; private set; }

    public Instant LastSuccess { get; private set; }

    public Exception? LastException { get; private set; }

    public void Add(in IterationRecord record, Exception? exception)
    {
        Last = record;
        Iterations += record.Number > 0 ? 1 : 0;
        Missed += record.Reason is OutcomeReason.Missed ? record.Count : 0;
        switch (record.Outcome)
        {
            case IterationOutcome.Succeeded:
                (Succeeded, LastSuccess) = (Succeeded + record.Count, record.Ended);
                break;
            case IterationOutcome.Failed:
                (Failed, LastException) = (Failed + record.Count, exception);
                break;
            case IterationOutcome.TimedOut:
                (TimedOut, LastException) = (TimedOut + record.Count, exception);
                break;
            case IterationOutcome.Interrupted:
                Interrupted += record.Count;
                break;
            case IterationOutcome.Skipped:
                Skipped += record.Count;
                break;
        }
    }
}
