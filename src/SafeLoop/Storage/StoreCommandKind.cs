namespace SafeLoop.Storage;

/// <summary>What a command requests.</summary>
public enum StoreCommandKind : byte
{
    /// <summary>All instances pause.</summary>
    Pause = 1,

    /// <summary>All instances resume.</summary>
    Resume = 2,

    /// <summary>One instance runs an iteration now.</summary>
    RunNow = 3,

    /// <summary>All instances stop the loop.</summary>
    Stop = 4,

    /// <summary>All instances start the loop again.</summary>
    Start = 5,
}
