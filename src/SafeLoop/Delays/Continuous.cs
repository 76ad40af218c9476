namespace SafeLoop;

/// <summary>The next slot is when the last iteration has ended; after anything but a success a second later, so that a broken loop cannot spin.</summary>
internal sealed class Continuous : ISchedule
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Instant Next(LoopHistory history, Instant now)
    {
        if (history.Planned.IsNone || history.Ended.IsNone)
            return history.From;
        if (history.Outcome is not IterationOutcome.Succeeded)
            return history.Ended + Pause;
        return Instant.Min(history.Ended, now); // slots increase even if the clock has not ticked, so the end of one may be a tick ahead of it
    }
}
