namespace SafeLoop;

/// <summary>What all stores of shards check, and in what order they list.</summary>
internal static class ShardArguments
{
    public static void Check(ShardJoin join)
    {
        if (join.Length <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(join), join.Length,
                $"The length of a lease must be positive; it is {join.Length} for the host '{Printable.Escape(join.Name)}'. "
                    + "Set ShardJoin.Length to the length of the lease, such as 4 seconds.");
        }
        if (join.ShardCount <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(join), join.ShardCount,
                $"The number of shards must be positive; it is {join.ShardCount} for the host '{Printable.Escape(join.Name)}'. "
                    + "Set ShardJoin.ShardCount to the number of all hosts, such as 1,024.");
        }
    }

    public static void CheckDistinct(IEnumerable<ShardId> shards)
    {
        var seen = new HashSet<ShardId>();
        foreach (var id in shards)
        {
            if (!seen.Add(id))
            {
                throw new ArgumentException(
                    $"The shard {id.Index} of task '{Printable.Escape(id.Task)}' is named twice in one batch. "
                        + "Name each shard once.",
                    nameof(shards));
            }
        }
    }

    public static int CompareOwners(ShardOwner one, ShardOwner other)
    {
        var tasks = string.CompareOrdinal(one.Id.Task, other.Id.Task);
        return tasks != 0 ? tasks : one.Id.Index.CompareTo(other.Id.Index);
    }
}
