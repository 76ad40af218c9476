namespace SafeLoop;

/// <summary>What the gauges read from a task at each collection.</summary>
internal enum TaskMeasure
{
    /// <summary>Iterations that are running.</summary>
    Running,

    /// <summary>Iterations that are running although they were reported as stuck.</summary>
    Stuck,

    /// <summary>Failures in a row.</summary>
    ConsecutiveFailures,

    /// <summary>When the last success ended, or the task was registered, in seconds since 1970.</summary>
    LastSuccess,

    /// <summary>1 after the first success, else 0.</summary>
    Succeeded,

    /// <summary>The next slot, in seconds since 1970.</summary>
    NextSlot,

    /// <summary>Keys of a keyed task.</summary>
    Keys,

    /// <summary>Keys whose loops are running an iteration.</summary>
    RunningKeys,

    /// <summary>Keys whose last iteration failed.</summary>
    FailingKeys,

    /// <summary>Shards of a task in a cluster that are open on this host.</summary>
    OpenShards,
}
