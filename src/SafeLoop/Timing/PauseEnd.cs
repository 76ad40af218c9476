namespace SafeLoop;

/// <summary>Ends a pause at a time of the wall clock.</summary>
internal sealed class PauseEnd(Pacemaker pacemaker, IPausable paused, DateTimeOffset until) : Alarm, IThreadPoolWorkItem
{
    // The wall clock may be set meanwhile.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public void Arm()
    {
        var (time, left) = (pacemaker.Time, until - pacemaker.Time.GetUtcNow());
        left = left < Longest ? left : Longest;
        pacemaker.Arm(this, time.TimestampAfter(time.GetTimestamp(), left > TimeSpan.Zero ? left : TimeSpan.Zero));
    }

    public void Disarm() => pacemaker.Disarm(this);

    // Resuming publishes an event, and observers may block.
    protected internal override void Ring() => pacemaker.Dispatch(this);

    void IThreadPoolWorkItem.Execute()
    {
        if (pacemaker.Time.GetUtcNow() >= until)
            paused.OnPauseEnded(this);
        else
            Arm();
    }
}
