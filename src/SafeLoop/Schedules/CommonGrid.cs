namespace SafeLoop;

/// <summary>
/// The slots are phase + n × period since 1970, in UTC. So they are the same on every machine, before and after a restart.
/// </summary>
/// <param name="period">The period; positive.</param>
/// <remarks>The instant from which the schedule of a loop counts is one of its slots, so it has the phase of the loop.</remarks>
internal sealed class CommonGrid(TimeSpan period) : ISlotGrid
{
    private readonly FixedRate _grid = new(period);

    /// <summary>The first slot that is not before an instant.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="phase">The share of the period by which the slots are shifted; from 0 up to, not including, 1.</param>
    public Instant FirstFrom(Instant instant, double phase)
    {
        // In whole microseconds, which is how exactly stores keep slots.
        var shift = (long)(period.Ticks * phase) / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond;
        return _grid.AtOrAfter(new((DateTimeOffset.UnixEpoch.UtcTicks % period.Ticks) + shift), instant);
    }

    // Not from the last slot, which may lie on another grid: that of a period before a change, or a time that a step selected.
    public Instant Next(in LoopState state, Instant now) => _grid.AtOrAfter(state.From, state.Slot.JustAfter);

    public Instant AtOrAfter(Instant slot, Instant instant) => _grid.AtOrAfter(slot, instant);

    public Instant Before(Instant slot, Instant instant) => _grid.Before(slot, instant);

    public DueSlots Count(Instant first, Instant upTo) => _grid.Count(first, upTo);
}
