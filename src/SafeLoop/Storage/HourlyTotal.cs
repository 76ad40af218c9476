namespace SafeLoop.Storage;

/// <summary>The iterations of a task in one hour that ended alike. Added to what is stored.</summary>
public sealed record HourlyTotal
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The beginning of the hour, in UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>How they ended.</summary>
    public required IterationOutcome Outcome { get; init; }

    /// <summary>Why.</summary>
    public OutcomeReason Reason { get; init; }

    /// <summary>How many slots.</summary>
    public required long Count { get; init; }

    /// <summary>The sum of their durations.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The longest of them.</summary>
    public TimeSpan LongestElapsed { get; init; }

    /// <summary>The greatest lateness.</summary>
    public TimeSpan MostLate { get; init; }
}
