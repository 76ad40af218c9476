namespace SafeLoop.Storage;

/// <summary>The new state of a loop.</summary>
public sealed record LoopChange
{
    /// <summary>
    /// The state. Its counts are added to the stored ones, and its last slot replaces an earlier one. A schedule or a last
    /// success that is null leaves the stored one. The last outcome, its end and the failures in a row
    /// (<see cref="StoredLoop.LastOutcome"/>, <see cref="StoredLoop.LastEnded"/>, <see cref="StoredLoop.ConsecutiveFailures"/>)
    /// stay as they are when the change has none of the three.
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
