namespace SafeLoop.Dashboard;

/// <summary>One task of the overview.</summary>
internal sealed record TaskRow
{
    public required TaskSummary Task { get; init; }

    /// <summary>Its last slots, oldest first.</summary>
    public required IReadOnlyList<StripSlot> Strip { get; init; }

    /// <summary>What is wrong with it; the worst comes first.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The last slot that has run; null: none.</summary>
    public StripSlot? LastRun => Strip.LastOrDefault(slot => slot.HasRun);
}
