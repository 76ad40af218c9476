namespace SafeLoop.Storage;

/// <summary>How many slots ended in which outcome.</summary>
public readonly record struct OutcomeCounts
{
    /// <summary>The number of slots that ended as <see cref="IterationOutcome.Succeeded"/>.</summary>
    public long Succeeded { get; init; }

    /// <summary>The number of slots that ended as <see cref="IterationOutcome.Failed"/>.</summary>
    public long Failed { get; init; }

    /// <summary>The number of slots that ended as <see cref="IterationOutcome.TimedOut"/>.</summary>
    public long TimedOut { get; init; }

    /// <summary>The number of slots that ended as <see cref="IterationOutcome.Interrupted"/>.</summary>
    public long Interrupted { get; init; }

    /// <summary>The number of slots that ended as <see cref="IterationOutcome.Skipped"/>.</summary>
    public long Skipped { get; init; }

    /// <summary>Returns the counts with slots of one outcome added. This value does not change.</summary>
    /// <param name="outcome">How the slots ended. <see cref="IterationOutcome.None"/> adds nothing.</param>
    /// <param name="count">The number of slots.</param>
    public OutcomeCounts Add(IterationOutcome outcome, long count) => outcome switch
    {
        IterationOutcome.Succeeded => this with { Succeeded = Succeeded + count },
        IterationOutcome.Failed => this with { Failed = Failed + count },
        IterationOutcome.TimedOut => this with { TimedOut = TimedOut + count },
        IterationOutcome.Interrupted => this with { Interrupted = Interrupted + count },
        IterationOutcome.Skipped => this with { Skipped = Skipped + count },
        _ => this,
    };

    /// <summary>Adds two counts.</summary>
    /// <param name="one">The first.</param>
    /// <param name="other">The second.</param>
    public static OutcomeCounts operator +(OutcomeCounts one, OutcomeCounts other) => new()
    {
        Succeeded = one.Succeeded + other.Succeeded,
        Failed = one.Failed + other.Failed,
        TimedOut = one.TimedOut + other.TimedOut,
        Interrupted = one.Interrupted + other.Interrupted,
        Skipped = one.Skipped + other.Skipped,
    };
}
