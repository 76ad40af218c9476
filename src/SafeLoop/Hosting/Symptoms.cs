namespace SafeLoop;

/// <summary>What health finds in a loop.</summary>
[Flags]
internal enum Symptoms
{
    None = 0,

    /// <summary>A cancelled iteration does not end.</summary>
    Stuck = 1,

    /// <summary>The loop has ended after failures.</summary>
    GaveUp = 2,

    /// <summary>The loop has ended as planned.</summary>
    Ended = 4,

    /// <summary>The last iteration failed.</summary>
    Failing = 8,

    /// <summary>The last answer of the delay policy cannot be used.</summary>
    BrokenPolicy = 16,

    Paused = 32,

    /// <summary>A slot has not run although nothing else runs.</summary>
    Overdue = 64,

    /// <summary>The wall clock was set back behind the last slot.</summary>
    WaitsForClock = 128,

    /// <summary>Slots pass while an iteration runs.</summary>
    SlotsPass = 256,

    /// <summary>An iteration without a time limit takes long.</summary>
    MayHang = 512,

    /// <summary>The task has not succeeded within its limit.</summary>
    NoSuccess = 1024,
}
