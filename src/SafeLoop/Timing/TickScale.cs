namespace SafeLoop;

/// <summary>Converts a clock's timestamps into ticks since its creation. One tick is a millisecond.</summary>
/// <remarks>
/// A tick is a whole number of timestamp units, so rounding never makes an alarm early. When the clock's frequency is not a
/// multiple of 1,000, a tick is slightly longer than a millisecond. When the clock is coarser, a tick is one unit.
/// </remarks>
internal readonly struct TickScale(TimeProvider time)
{
    /// <summary>
    /// The tick that never comes: 8,925 years of milliseconds, the first number that does not fit into the wheel.
    /// </summary>
    public const long Never = (1L << 48) - 1;

    private readonly long _origin = time.GetTimestamp();
    private readonly long _frequency = time.TimestampFrequency;
    private readonly ulong _unitsPerTick = ((ulong)time.TimestampFrequency + 999) / 1000;

    /// <summary>The last tick that has begun at <paramref name="timestamp"/>.</summary>
    public long Reached(long timestamp) =>
        timestamp <= _origin ? 0 : Clamp(UnitsSinceOrigin(timestamp) / _unitsPerTick, Never - 1);

    /// <summary>The first tick that begins no earlier than the timestamp; <see cref="long.MaxValue"/> is never.</summary>
    public long DueAt(long timestamp) =>
        timestamp == long.MaxValue ? Never :
        timestamp <= _origin ? 0 : Clamp((UnitsSinceOrigin(timestamp) - 1) / _unitsPerTick + 1, Never);

    /// <summary>The duration of a number of ticks, rounded up to whole milliseconds, the resolution of timers.</summary>
    public TimeSpan Duration(long ticks) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(1000d * ticks * _unitsPerTick / _frequency));

    /// <summary>The number of ticks in <paramref name="time"/>, rounded down.</summary>
    public long TicksIn(TimeSpan time) => (long)(time.TotalSeconds * _frequency / _unitsPerTick);

    // Unsigned, because a clock may start at any number, and the range from -2^63 to 2^63 - 1 exceeds a long.
    private ulong UnitsSinceOrigin(long timestamp) => unchecked((ulong)timestamp - (ulong)_origin);

    private static long Clamp(ulong ticks, long most) => (long)Math.Min(ticks, (ulong)most);
}
