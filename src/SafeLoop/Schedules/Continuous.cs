namespace SafeLoop;

/// <summary>
/// The next slot is the end of the last iteration; after any outcome except a success it is one second later, so that a broken
/// loop does not spin.
/// </summary>
internal sealed class Continuous : ISchedule
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Instant Next(in LoopState state, Instant now)
    {
        if (state.Planned.IsNone || state.Ended.IsNone)
            return state.From;
        if (state.Outcome is not IterationOutcome.Succeeded)
            return state.Ended + Pause;
        // Slots increase even if the clock has not ticked, so the end of an iteration may be a tick ahead of the clock.
        return Instant.Min(state.Ended, now);
    }
}
