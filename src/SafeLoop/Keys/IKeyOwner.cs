namespace SafeLoop;

/// <summary>Owns the loops of a keyed task: knows their keys, and hears of their ends.</summary>
internal interface IKeyOwner : IWakeable
{
    /// <summary>The key of a loop; null when it was removed.</summary>
    IKeyed? KeyOf(LoopId loop);

    /// <summary>The key of a loop that a runner takes. Called under the lock of the rows.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="reused">That of the loop before; used again where only the runner has seen it.</param>
    IKeyed KeyOf(LoopId loop, IKeyed? reused);

    /// <summary>A loop has ended in a runner.</summary>
    void OnEnded(LoopId loop, bool wasPinned, bool isRemoved);

    /// <summary>A runner was returned. A host that is stopping waits for the last of them.</summary>
    void EndIfIdle();
}
