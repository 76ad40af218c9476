namespace SafeLoop;

/// <summary>A slot that is to run as soon as the iteration before it has ended.</summary>
/// <param name="Slot">Its nominal time.</param>
/// <param name="Manual">Who asked for it by hand; null: it came due.</param>
/// <param name="IsChosen">It was chosen by a step, or is the start.</param>
internal readonly record struct PendingRun(Instant Slot, ManualRun? Manual = null, bool IsChosen = false)
{
    /// <summary>It is a slot of the schedule.</summary>
    public bool IsOnSchedule => Manual is null && !IsChosen;

    /// <summary>True when its caller has cancelled it.</summary>
    public bool IsGivenUp => Manual is { IsCancelled: true };
}
