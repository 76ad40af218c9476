namespace SafeLoop;

/// <summary>The next slot is a fixed delay after the end of the last iteration.</summary>
/// <param name="delay">The delay; positive.</param>
/// <param name="isAnchored">
/// True: when it replaces another schedule, it begins at its configured start, however recently the last iteration ended.
/// </param>
internal sealed class FixedDelay(TimeSpan delay, bool isAnchored = false) : ISchedule
{
    public Instant Next(in LoopState state, Instant now) =>
        state.Planned.IsNone || state.Ended.IsNone || (isAnchored && state.Ended <= state.From && state.Planned < state.From)
            ? state.From
            : Instant.Max(state.Ended + delay, state.From);
}
