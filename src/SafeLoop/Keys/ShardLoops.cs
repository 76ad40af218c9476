namespace SafeLoop;

/// <summary>Visits the loops of shards, in one pass over all rows of their task.</summary>
internal static class ShardLoops
{
    /// <summary>Visits the loops under no lock. Loops that are added meanwhile may be among them.</summary>
    /// <param name="rows">The loops of the task.</param>
    /// <param name="isSought">
    /// Reports whether a shard is sought; its argument is null for loops that have none. Called under the lock of the rows.
    /// </param>
    /// <param name="visit">Called for each loop that was found.</param>
    public static void Visit(LoopRows rows, Predicate<ShardOwnership?> isSought, Action<LoopId, ShardOwnership?> visit)
    {
        var (row, found, isMore) = (0, new List<(LoopId Loop, ShardOwnership? Shard)>(), true);
        while (isMore)
        {
            isMore = rows.FindNext(isSought, ref row, found);
            foreach (var (loop, shard) in found)
                visit(loop, shard);
        }
    }
}
