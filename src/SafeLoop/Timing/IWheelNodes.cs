namespace SafeLoop;

/// <summary>
/// Where the alarms of a <see cref="TimingWheel{TNodes}"/> lie. The wheel links them by their indices, so that a million
/// alarms are no references for the garbage collector to follow.
/// </summary>
/// <remarks>An index is more than zero: zero means none.</remarks>
internal interface IWheelNodes
{
    ref WheelLinks Links(int node);

    /// <summary>The tick at which the alarm is due.</summary>
    /// <param name="node">The alarm, which is in the wheel.</param>
    /// <param name="position">A tick that has come, and which no alarm in the wheel is before.</param>
    long TickOf(int node, long position);

    void SetTick(int node, long tick);
}
