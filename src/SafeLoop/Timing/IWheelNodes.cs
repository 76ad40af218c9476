namespace SafeLoop;

/// <summary>
/// Stores the alarms of a <see cref="TimingWheel{TNodes}"/>. The wheel links them by index, so that the garbage collector has no
/// references to follow.
/// </summary>
/// <remarks>An index is more than zero: zero means none.</remarks>
internal interface IWheelNodes
{
    ref WheelLinks Links(int node);

    /// <summary>The tick at which the alarm is due.</summary>
    /// <param name="node">The alarm, which is in the wheel.</param>
    /// <param name="position">A tick that has passed. No alarm in the wheel is due before it.</param>
    long TickOf(int node, long position);

    void SetTick(int node, long tick);
}
