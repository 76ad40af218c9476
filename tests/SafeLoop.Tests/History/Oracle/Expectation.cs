namespace SafeLoop.Tests.History.Oracle;

/// <summary>What must be said of an instant, as the model has it.</summary>
internal sealed record Expectation(SlotFinding Finding)
{
    public SlotOutcome? Outcome { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public TaskPause? Pause { get; init; }

    public int? FailuresBefore { get; init; }

    public LoopEnd? End { get; init; }

    /// <summary>A part of the cause.</summary>
    public string? Cause { get; init; }

    public DateTimeOffset? SlotBefore { get; init; }

    public DateTimeOffset? SlotAfter { get; init; }

    /// <summary>A part of the sentence.</summary>
    public required string Phrase { get; init; }
}
