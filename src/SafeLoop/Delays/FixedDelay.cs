namespace SafeLoop;

/// <summary>The next slot is so long after the end of the last iteration.</summary>
internal sealed class FixedDelay(TimeSpan delay) : IDelayPolicy
{
    public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now) =>
        history.LastPlannedSlot is null || history.LastEnded is not { } ended
            ? history.PlannedFrom
            : Instants.Add(ended, delay) is { } next ? Instants.Max(next, history.PlannedFrom) : null;
}
