namespace SafeLoop;

/// <summary>The maximum lateness in the current minute and the one before it, in ticks of the pacemaker (1 ms).</summary>
/// <remarks>A mutable struct, synchronized by its owner.</remarks>
internal struct LatenessWindow
{
    private const long Length = 60_000;

    private long _worst;
    private long _worstBefore;
    private long _endsAt;

    /// <summary>Records the lateness of an alarm.</summary>
    public void Record(long late, long now)
    {
        if (now >= _endsAt)
            Roll(now);
        if (late > _worst)
            _worst = late;
    }

    /// <summary>The maximum lateness in the window.</summary>
    public long WorstAt(long now)
    {
        if (now >= _endsAt)
            Roll(now);
        return Math.Max(_worst, _worstBefore);
    }

    private void Roll(long now)
    {
        var isNext = now < _endsAt + Length;
        (_worstBefore, _worst, _endsAt) = (isNext ? _worst : 0, 0, isNext ? _endsAt + Length : now + Length);
    }
}
