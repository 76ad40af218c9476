namespace SafeLoop.Storage;

/// <summary>The new state of a loop.</summary>
public sealed record LoopChange
{
    /// <summary>
    /// The state. Its counts are added to those that are stored, its last slot counts only where it is later, and what is
    /// stored of the schedule and the last success stays where they are null. A change without an outcome and an end of an
    /// iteration (<see cref="StoredLoop.LastOutcome"/>, <see cref="StoredLoop.LastEnded"/>) and without failures leaves all
    /// three as they are.
    /// </summary>
    public required StoredLoop Loop { get; init; }

    /// <summary>
    /// True when the loop of a key needs no row any more: it is not failing. A row with a pause that this change does not clear,
    /// or with a claim, stays, and the change is saved like any other.
    /// </summary>
    public bool IsForgotten { get; init; }

    /// <summary>True when the pause was changed here. Otherwise the pause that is stored stays.</summary>
    public bool HasPauseChanged { get; init; }

    /// <summary>True when the loop has ended or was started again. Otherwise the end that is stored stays.</summary>
    public bool HasEndChanged { get; init; }
}
