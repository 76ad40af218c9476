namespace SafeLoop;

/// <summary>Something that wants to be woken at a time: derive from it and hand it to a <see cref="Pacemaker"/>.</summary>
/// <remarks>
/// <para>
/// The alarm <em>is</em> the node of the pacemaker's lists, so arming it allocates nothing. It costs 48 bytes, of which the
/// last six are free for small fields of the derived class.
/// </para>
/// <para>An alarm belongs to one pacemaker at a time: disarm it there before arming it elsewhere.</para>
/// </remarks>
internal abstract class Alarm
{
    internal const short NotArmed = -1;
    internal const short Forever = -2;

    // All four belong to the TimingWheel and are touched only under the pacemaker's lock.
    internal Alarm? Next;
    internal Alarm? Previous;
    internal long Tick;
    internal short Bucket = NotArmed;

    /// <summary>Called once per arming, when it is due: never early, never under a lock of the pacemaker.</summary>
    /// <remarks>
    /// Runs on a thread-pool thread. Must not throw. May block: others are woken meanwhile. May arm this alarm again, and
    /// should then do so last: an alarm that is already due can ring on another thread before this call has returned.
    /// </remarks>
    protected internal abstract void Ring();
}
