using System.Diagnostics;

namespace SafeLoop.Scale.Measuring;

/// <summary>Times as timestamps of the monotonic clock.</summary>
internal static class Ticks
{
    private static readonly long OriginTimestamp = Stopwatch.GetTimestamp();
    private static readonly DateTimeOffset Origin = DateTimeOffset.UtcNow;

    public static long Of(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);

    public static long Of(DateTimeOffset instant) => OriginTimestamp + Of(instant - Origin);
}
