namespace SafeLoop;

/// <summary>Translates a clock's timestamps into ticks counted from now on: one tick is a millisecond.</summary>
/// <remarks>
/// A tick is a whole number of timestamp units, so no rounding ever makes an alarm early. Where the clock's frequency does
/// not divide by 1,000 a tick is that little bit longer than a millisecond; where it is coarser than that, it is one unit.
/// </remarks>
internal readonly struct TickScale(TimeProvider time)
{
    /// <summary>Never comes: 8,925 years of milliseconds, and the first number the wheel has no place for.</summary>
    public const long Never = (1L << 48) - 1;

    private readonly long _origin = time.GetTimestamp();
    private readonly long _frequency = time.TimestampFrequency;
    private readonly ulong _unitsPerTick = ((ulong)time.TimestampFrequency + 999) / 1000;

    /// <summary>The last tick that has begun by <paramref name="timestamp"/>.</summary>
    public long Reached(long timestamp) =>
        timestamp <= _origin ? 0 : Clamp(UnitsSinceOrigin(timestamp) / _unitsPerTick, Never - 1);

    /// <summary>The first tick that begins no earlier than the timestamp; <see cref="long.MaxValue"/> is never.</summary>
    public long DueAt(long timestamp) =>
        timestamp == long.MaxValue ? Never :
        timestamp <= _origin ? 0 : Clamp((UnitsSinceOrigin(timestamp) - 1) / _unitsPerTick + 1, Never);

    /// <summary>How long so many ticks take, in whole milliseconds rounded up: timers understand nothing finer.</summary>
    public TimeSpan Duration(long ticks) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(1000d * ticks * _unitsPerTick / _frequency));

    /// <summary>How many ticks <paramref name="time"/> holds, rounded down.</summary>
    public long TicksIn(TimeSpan time) => (long)(time.TotalSeconds * _frequency / _unitsPerTick);

    // Unsigned, because a clock may start at any number: from -2^63 to 2^63 - 1 there is more than a long can hold.
    private ulong UnitsSinceOrigin(long timestamp) => unchecked((ulong)timestamp - (ulong)_origin);

    private static long Clamp(ulong ticks, long most) => (long)Math.Min(ticks, (ulong)most);
}
