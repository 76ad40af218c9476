namespace SafeLoop;

/// <summary>In what state a loop was parked.</summary>
[Flags]
internal enum ParkedAs : byte
{
    /// <summary>Its schedule has not begun.</summary>
    New = 0,

    /// <summary>Its next slot is known, and when it is due.</summary>
    Planned = 1,

    /// <summary>The next slot was chosen by the schedule, not by a step.</summary>
    BySchedule = 2,

    /// <summary>The next slot is an instant of the wall clock that a step chose.</summary>
    OnWall = 4,

    /// <summary>It alone was paused, after failures.</summary>
    Paused = 8,

    /// <summary>Its delay policy gave no sound answer; the next slot is a stopgap.</summary>
    PolicyBroken = 16,

    /// <summary>Its schedule has no further slot; the plan is the one before. It ends when it is planned again, in a runner.</summary>
    Over = 32,
}
