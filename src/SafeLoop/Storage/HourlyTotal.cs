namespace SafeLoop.Storage;

/// <summary>The iterations of a task in one hour that ended alike. The store adds it to the stored total.</summary>
public sealed record HourlyTotal
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The beginning of the hour, in UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>How they ended.</summary>
    public required IterationOutcome Outcome { get; init; }

    /// <summary>Why they ended so.</summary>
    public OutcomeReason Reason { get; init; }

    /// <summary>The number of slots.</summary>
    public required long Count { get; init; }

    /// <summary>The sum of their durations.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The longest duration.</summary>
    public TimeSpan LongestElapsed { get; init; }

    /// <summary>The greatest lateness.</summary>
    public TimeSpan MaxLateness { get; init; }
}
