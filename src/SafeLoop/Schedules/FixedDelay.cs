namespace SafeLoop;

/// <summary>The next slot is so long after the end of the last iteration.</summary>
/// <param name="delay">More than nothing.</param>
/// <param name="isAnchored">When it takes over from another schedule, it begins where it was told, however short ago the last iteration ended.</param>
internal sealed class FixedDelay(TimeSpan delay, bool isAnchored = false) : ISchedule
{
    public Instant Next(in LoopState state, Instant now) =>
        state.Planned.IsNone || state.Ended.IsNone || (isAnchored && state.Ended <= state.From && state.Planned < state.From)
            ? state.From
            : Instant.Max(state.Ended + delay, state.From);
}
