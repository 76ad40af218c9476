namespace SafeLoop;

/// <summary>The failures of a key since its last success.</summary>
internal sealed class FailingKey
{
    /// <summary>The record of its last failure, with the error.</summary>
    public IterationRecord Last { get; private set; }

    public long Failed { get; private set; }

    public long TimedOut { get; private set; }

    /// <summary>The end of the first failure.</summary>
    public Instant Since { get; private set; }

    public void Add(in IterationRecord record)
    {
        if (Since.IsNone)
            Since = record.Ended;
        Last = record;
        if (record.Outcome is IterationOutcome.Failed)
            Failed++;
        else
            TimedOut++;
    }
}
