namespace ClusterNemesis.Working;

/// <summary>A clock that does not see that the process stood still.</summary>
internal sealed class BlindTime(TimeSpan shift) : ShiftedTime(shift)
{
    private static readonly long Standstill = System.TimestampFrequency; // a second without a look

    private readonly Lock _gate = new();
    private long _seen = System.GetTimestamp();
    private long _unseen;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            var now = System.GetTimestamp();
            if (now - _seen > Standstill)
                _unseen += now - _seen;
            _seen = now;
            return now - _unseen;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        GetTimestamp();
        lock (_gate)
            return base.GetUtcNow() - System.GetElapsedTime(0, _unseen);
    }
}
