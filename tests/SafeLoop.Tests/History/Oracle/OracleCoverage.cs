namespace SafeLoop.Tests.History.Oracle;

/// <summary>Which kinds of answers each oracle must meet, and which only a test of their own does.</summary>
internal static class OracleCoverage
{
    /// <summary>By <see cref="ExplanationOracleTests"/>: one host, ordinary tasks and keys.</summary>
    public static readonly string[] OfYear =
    [
        "Succeeded", "Failed", "TimedOut", "Interrupted Cancelled", "Interrupted Replaced", "Skipped LockHeld",
        "Skipped PreviousRunning", "Skipped ConditionFalse", "Skipped Paused", "Skipped Missed", "Skipped BufferFull",
        "Skipped Disabled", "AmongRecorded", "Running", "Queued", "Upcoming", "NotDue", "NotKnownYet", "NotRegistered",
        "BeforeSchedule", "Ended", "AfterEndAt", "Excluded", "DaylightSaving", "BackOff", "PassedOver",
        "NotKept", "NoSuchKey",
    ];

    /// <summary>By <see cref="RestartOracleTests"/>: hosts that are killed or stop, over one store.</summary>
    public static readonly string[] OfRestarts =
    [
        "Succeeded", "Interrupted HostLost", "Interrupted HostStopping", "Skipped Paused", "Skipped HostDown", "NotDue",
        "NotKept",
    ];

    /// <summary>By <see cref="ReplicaOracleTests"/>: two hosts over one lock and one store.</summary>
    public static readonly string[] OfReplicas = ["Succeeded", "Skipped HostDown", "Skipped AlreadyRun", "Skipped LockHeld"];
}
