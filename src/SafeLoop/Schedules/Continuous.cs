namespace SafeLoop;

/// <summary>The next slot is when the last iteration has ended; after anything but a success a second later, so that a broken loop cannot spin.</summary>
internal sealed class Continuous : ISchedule
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Instant Next(in LoopState state, Instant now)
    {
        if (state.Planned.IsNone || state.Ended.IsNone)
            return state.From;
        if (state.Outcome is not IterationOutcome.Succeeded)
            return state.Ended + Pause;
        return Instant.Min(state.Ended, now); // slots increase even if the clock has not ticked, so the end of one may be a tick ahead of it
    }
}
