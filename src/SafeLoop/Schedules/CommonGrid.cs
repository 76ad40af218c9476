namespace SafeLoop;

/// <summary>
/// The slots are phase + n × period since 1970, in UTC. So they are the same in every process, before and after a restart.
/// </summary>
/// <param name="period">The period; positive.</param>
/// <param name="phase">The share of the period by which the slots are shifted; from 0 up to, not including, 1.</param>
internal sealed class CommonGrid(TimeSpan period, double phase) : ISlotGrid
{
    private readonly FixedRate _grid = new(period);

    // In whole microseconds, which is how exactly stores keep slots.
    private readonly Instant _first = new(
        (DateTimeOffset.UnixEpoch.UtcTicks % period.Ticks)
        + ((long)(period.Ticks * phase) / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond));

    // The last slot may lie on another grid: that of a period before a change, or at a time that a step selected.
    public Instant Next(in LoopState state, Instant now) =>
        _grid.AtOrAfter(_first, Instant.Max(state.From, state.Slot.JustAfter));

    public Instant AtOrAfter(Instant slot, Instant instant) => _grid.AtOrAfter(slot, instant);

    public Instant Before(Instant slot, Instant instant) => _grid.Before(slot, instant);

    public DueSlots Count(Instant first, Instant upTo) => _grid.Count(first, upTo);
}
