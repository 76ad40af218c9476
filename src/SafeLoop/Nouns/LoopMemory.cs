namespace SafeLoop;

/// <summary>What a loop takes along when another host continues it.</summary>
/// <param name="Key">The text of its key; empty for the loop of an ordinary task.</param>
/// <param name="State">Its state.</param>
internal sealed record LoopMemory(string Key, LoopState State)
{
    /// <summary>Why it has ended; null: it goes on.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>Its own pause; null: it is not paused.</summary>
    public TaskPause? Pause { get; init; }

    /// <summary>True when its key was added by hand, so that it stays when the source of keys does not yield it.</summary>
    public bool IsAddedByHand { get; init; }
}
