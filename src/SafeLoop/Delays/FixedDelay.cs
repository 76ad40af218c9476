namespace SafeLoop;

/// <summary>The next slot is so long after the end of the last iteration.</summary>
/// <param name="delay">More than nothing.</param>
/// <param name="isAnchored">When it takes over from another schedule, it begins where it was told, however short ago the last iteration ended.</param>
internal sealed class FixedDelay(TimeSpan delay, bool isAnchored = false) : ISchedule
{
    public Instant Next(LoopHistory history, Instant now) =>
        history.Planned.IsNone || history.Ended.IsNone || (isAnchored && history.Ended <= history.From && history.Planned < history.From)
            ? history.From
            : Instant.Max(history.Ended + delay, history.From);
}
