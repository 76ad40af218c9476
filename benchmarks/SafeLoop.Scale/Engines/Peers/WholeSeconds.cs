using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.Peers;

/// <summary>
/// The grid of engines whose slots are whole seconds of the minute and that do not pass a job its slot.
/// </summary>
internal static class WholeSeconds
{
    /// <exception cref="NotSupportedException">The engine cannot run with this period.</exception>
    public static int Of(Load load, string engine)
    {
        var period = load.Period;
        if (load.IsIdle)
            return 60; // any: nothing is due
        if (period.Ticks % TimeSpan.TicksPerSecond == 0 && period < TimeSpan.FromMinutes(1) && 60 % (int)period.TotalSeconds == 0)
            return (int)period.TotalSeconds;
        throw new NotSupportedException($"{engine} has no period of {period}: it must be whole seconds that divide a minute.");
    }

    public static DateTimeOffset LastSlot(DateTimeOffset now, int phase, int seconds)
    {
        var period = seconds * TimeSpan.TicksPerSecond;
        var since = (now.Ticks - (phase * TimeSpan.TicksPerSecond)) % period;
        return now.AddTicks(-since);
    }
}
