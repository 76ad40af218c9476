namespace SafeLoop;

/// <summary>The next slot is when the last iteration has ended; after anything but a success a second later, so that a broken loop cannot spin.</summary>
internal sealed class Continuous : IDelayPolicy
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
    {
        if (history.LastPlannedSlot is null || history.LastEnded is not { } ended)
            return history.PlannedFrom;
        if (history.LastOutcome is not IterationOutcome.Succeeded)
            return Instants.Add(ended, Pause);
        return ended < now ? ended : now; // slots increase even if the clock has not ticked, so the end of one may be a tick ahead of it
    }
}
