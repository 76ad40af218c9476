namespace SafeLoop.Storage;

/// <summary>The new state of a loop.</summary>
public sealed record LoopChange
{
    /// <summary>
    /// The state. Its counts are added to those that are stored, its last slot counts only where it is later, and what is
    /// stored of the schedule and the last success stays where they are null.
    /// </summary>
    public required StoredLoop Loop { get; init; }

    /// <summary>True when the loop of a key needs no row any more: it is not paused, failing or ended.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>True when the pause was changed here. Otherwise the pause that is stored stays.</summary>
    public bool HasPauseChanged { get; init; }
}
