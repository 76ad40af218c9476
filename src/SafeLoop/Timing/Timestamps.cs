namespace SafeLoop;

/// <summary>
/// Adds durations to timestamps of a clock: rounded up, so that nothing is early, and exact, so that nothing drifts.
/// </summary>
internal static class Timestamps
{
    /// <summary>The timestamp this long after now.</summary>
    public static long TimestampIn(this TimeProvider time, TimeSpan delay) => time.TimestampAfter(time.GetTimestamp(), delay);

    /// <summary>
    /// The timestamp this long after another; <see cref="long.MaxValue"/>, which means never, when it does not fit.
    /// </summary>
    public static long TimestampAfter(this TimeProvider time, long timestamp, TimeSpan delay)
    {
        var frequency = time.TimestampFrequency;
        var seconds = Math.DivRem(delay.Ticks, TimeSpan.TicksPerSecond, out var fraction);
        if (seconds >= ((long.MaxValue - Math.Max(timestamp, 0)) / frequency) - 1)
            return long.MaxValue;
        var ticks = (fraction * frequency) + TimeSpan.TicksPerSecond - 1;
        return timestamp + (seconds * frequency) + (ticks / TimeSpan.TicksPerSecond);
    }
}
