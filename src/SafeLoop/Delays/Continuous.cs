namespace SafeLoop;

/// <summary>The next slot is when the last iteration has ended; after anything but a success a second later, so that a broken loop cannot spin.</summary>
internal sealed class Continuous : IDelayPolicy
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
    {
        if (history.LastPlannedSlot is null || history.LastEnded is not { } ended)
            return history.PlannedFrom;
        return history.LastOutcome is IterationOutcome.Succeeded ? ended : Instants.Add(ended, Pause);
    }
}
