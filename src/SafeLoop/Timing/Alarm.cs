namespace SafeLoop;

/// <summary>Base class of objects that a <see cref="Pacemaker"/> wakes at a time.</summary>
/// <remarks>An alarm belongs to one pacemaker at a time: disarm it before arming it on another.</remarks>
internal abstract class Alarm
{
    /// <summary>Its place among the armed alarms; zero: it is not armed. Accessed only under the pacemaker's lock.</summary>
    internal int Place;

    /// <summary>Called once per arming, when the alarm is due: never early, never under a lock of the pacemaker.</summary>
    /// <remarks>
    /// Runs on a thread-pool thread. Must not throw. May block, and other alarms still ring. May arm this alarm again as its last
    /// action. The alarm can then ring on another thread before this call has returned.
    /// </remarks>
    protected internal abstract void Ring();
}
