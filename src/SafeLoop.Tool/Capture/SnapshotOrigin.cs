namespace SafeLoop.Tool;

/// <summary>Where and how a heap was captured.</summary>
internal sealed record SnapshotOrigin
{
    /// <summary>The process, or the file it was read from, as the user named it.</summary>
    public required string Name { get; init; }

    /// <summary>0 when it is not known.</summary>
    public int ProcessId { get; init; }

    /// <summary>
    /// When the process was started, in units of the system: its number may have been another's. 0 when it is not known.
    /// </summary>
    public long Started { get; init; }

    public DateTimeOffset TakenAt { get; init; }

    /// <summary>How it was captured: heap graph, dump.</summary>
    public required string Means { get; init; }

    /// <summary>How large the heap may grow; 0 when it is not known.</summary>
    public long HeapLimit { get; init; }

    /// <summary>How long the process stood still for it; zero when nothing was stopped.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>False when a part of the heap was lost on the way: all counts are then lower bounds.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Known to be of the same process.</summary>
    public bool IsSameProcess(SnapshotOrigin other) =>
        ProcessId > 0 && ProcessId == other.ProcessId && Started != 0 && Started == other.Started;
}
