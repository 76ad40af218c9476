namespace SafeLoop;

/// <summary>The loops of a keyed task, as its shards move them.</summary>
internal interface IMovingLoops
{
    /// <summary>Adds a key that another host has handed over, with the state of its loop.</summary>
    /// <returns>False when the key cannot be read from its text, or belongs to another shard.</returns>
    bool TryAddMoved(ShardOwnership shard, LoopMemory memory);

    /// <summary>Ends a loop that another host continues. Nothing is published of a loop that is parked.</summary>
    /// <returns>False when its key was removed before.</returns>
    bool Move(LoopId loop, StopRequest request);

    /// <summary>Stops the rest of a loop that is moving, because its shard was lost.</summary>
    void StopMoving(LoopId loop, StopRequest request);
}
