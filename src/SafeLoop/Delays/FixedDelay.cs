namespace SafeLoop;

/// <summary>The next slot is so long after the end of the last iteration.</summary>
internal sealed class FixedDelay(TimeSpan delay) : ISchedule
{
    public Instant Next(LoopHistory history, Instant now) =>
        history.Planned.IsNone || history.Ended.IsNone ? history.From : Instant.Max(history.Ended + delay, history.From);
}
