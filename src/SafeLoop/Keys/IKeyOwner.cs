namespace SafeLoop;

/// <summary>Maps the loops of a keyed task to their keys, and is notified when a loop ends.</summary>
internal interface IKeyOwner : IWakeable
{
    /// <summary>The key of a loop; null when it was removed.</summary>
    IKeyed? KeyOf(LoopId loop);

    /// <summary>The key of a loop that is attached to a runner. Called under the lock of the rows.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="reused">
    /// The key object of the runner's previous loop; null: none. Reused unless an observer or a scope may have kept it.
    /// </param>
    IKeyed KeyOf(LoopId loop, IKeyed? reused);

    /// <summary>Restores what a store remembers of a key, unless it was restored before.</summary>
    void Restore(IKeyed key);

    /// <summary>Pins a loop to a runner.</summary>
    /// <returns>Its control; null when the loop has not started or has ended.</returns>
    TaskLoop? Pin(LoopId loop);

    /// <summary>Called when a loop has ended in a runner.</summary>
    void OnEnded(LoopId loop, bool wasPinned, bool isRemoved);

    /// <summary>Called when a runner was returned. A stopping host waits until all runners are idle.</summary>
    void EndIfIdle();
}
