namespace SafeLoop;

/// <summary>The state of a loop that another host continues.</summary>
/// <param name="Key">The text of its key; empty for the loop of an ordinary task.</param>
/// <param name="State">Its state.</param>
internal sealed record LoopMemory(string Key, LoopState State)
{
    /// <summary>Why it has ended; null: it goes on.</summary>
    /// <value>An end with its host or by a move is none: the next owner continues the loop.</value>
    public LoopEnd? End
    {
        get;
        init => field = value is LoopEnd.HostStopped or LoopEnd.Moved ? null : value;
    }

    /// <summary>Its own pause; null: it is not paused.</summary>
    public TaskPause? Pause { get; init; }

    /// <summary>True when its key was added by hand, so that it stays when the source of keys does not yield it.</summary>
    public bool IsAddedByHand { get; init; }

    /// <summary>True when the schedule alone does not determine what the loop does, so that it must be stored.</summary>
    public bool IsException => End is not null || Pause is not null || State.IsPaused || IsAddedByHand;
}
