namespace DeviceInfo.View;

/// <summary>The managed heap after a full collection: at first, and as of the last few seconds.</summary>
/// <remarks>
/// Garbage that waits for its collection would look like a leak for minutes, so it is collected.
/// Seldom: that stops everything for a moment.
/// </remarks>
internal sealed class HeapGauge
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private long _measuredAt;
    private long _now;

    public HeapGauge(TimeProvider clock)
    {
        _clock = clock;
        AtStart = Measure();
    }

    public long AtStart { get; }

    /// <summary>Bytes in use. Not for concurrent use.</summary>
    public long Now() => _clock.GetElapsedTime(_measuredAt) < Period ? _now : Measure();

    /// <summary>Bytes in use, collected this moment.</summary>
    public long Measure()
    {
        _measuredAt = _clock.GetTimestamp();
        return _now = GC.GetTotalMemory(forceFullCollection: true);
    }
}
