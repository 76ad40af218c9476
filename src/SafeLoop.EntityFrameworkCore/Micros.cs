namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Instants and durations as the tables hold them: microseconds, since 1970 in UTC. What is less than a microsecond is cut.
/// </summary>
internal static class Micros
{
    public static long Of(DateTimeOffset instant)
    {
        var (micros, rest) = Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond);
        return rest < 0 ? micros - 1 : micros;
    }

    public static long? Of(DateTimeOffset? instant) => instant is { } value ? Of(value) : null;

    public static long Of(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(long micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? ToInstant(long? micros) => micros is { } value ? ToInstant(value) : null;

    public static TimeSpan ToDuration(long micros) => TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond);
}
