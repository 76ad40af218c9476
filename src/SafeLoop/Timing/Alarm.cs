namespace SafeLoop;

/// <summary>Base class of objects that a <see cref="Pacemaker"/> wakes at a time.</summary>
/// <remarks>
/// <para>
/// The alarm is itself the node of the pacemaker's lists, so arming it allocates nothing. It takes 48 bytes. The last six are
/// free for small fields of the derived class.
/// </para>
/// <para>An alarm belongs to one pacemaker at a time: disarm it before arming it on another.</para>
/// </remarks>
internal abstract class Alarm
{
    internal const short NotArmed = -1;
    internal const short Forever = -2;

    // The TimingWheel owns these four fields. They are accessed only under the pacemaker's lock.
    internal Alarm? Next;
    internal Alarm? Previous;
    internal long Tick;
    internal short Bucket = NotArmed;

    /// <summary>Called once per arming, when the alarm is due: never early, never under a lock of the pacemaker.</summary>
    /// <remarks>
    /// Runs on a thread-pool thread. Must not throw. May block: other alarms still ring. May arm this alarm again, but only as
    /// its last action: an alarm that is already due can ring on another thread before this call has returned.
    /// </remarks>
    protected internal abstract void Ring();
}
