namespace SafeLoop.Terminal;

/// <summary>An explanation, and the instant that was meant.</summary>
internal sealed record WhyAnswer
{
    /// <summary>The instant, with the offset of the zone.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The id of the zone in which the time was read.</summary>
    public required string Zone { get; init; }

    /// <summary>How the time was read, as a sentence; null: it was an instant.</summary>
    public string? Reading { get; init; }

    /// <summary>What the task did then, and why.</summary>
    public required SlotExplanation Explanation { get; init; }
}
