namespace SafeLoop;

/// <summary>Decides which member should own which shard. Each host computes the same from the same members.</summary>
/// <remarks>
/// Highest random weight (Thaler and Ravishankar): each pair of member and shard has a weight, and the member with the greatest
/// one that is not full gets the shard. So a shard moves only when its member goes, or when a better one joins or is no longer
/// full. A change of this computation moves shards during a rolling upgrade, so a test pins it.
/// </remarks>
internal static class Placement
{
    private const double Bound = 1.05; // no member gets more than 5 % above its fair share, rounded up

    /// <summary>Assigns the shards of a task.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="shardCount">The number of its shards.</param>
    /// <param name="members">The names of the members that know the task; each once, in any order.</param>
    /// <returns>For each shard the index of its member.</returns>
    public static int[] Assign(string task, int shardCount, IReadOnlyList<string> members)
    {
        if (members.Count == 0)
            return [];
        var limit = (int)Math.Ceiling(shardCount * Bound / members.Count);
        var (loads, owners) = (new int[members.Count], new int[shardCount]);
        var hashes = members.Select(static name => StableHash.Compute(name)).ToArray();
        for (var shard = 0; shard < shardCount; shard++)
        {
            var hash = StableHash.Compute($"{task}/{shard}");
            var best = -1;
            for (var member = 0; member < hashes.Length; member++)
            {
                if (loads[member] < limit && (best < 0 || IsBetter(member, best, hash)))
                    best = member;
            }
            owners[shard] = best;
            loads[best]++;
        }
        return owners;

        bool IsBetter(int member, int best, ulong shard) =>
            Weigh(hashes[member], shard).CompareTo(Weigh(hashes[best], shard)) is var order && order != 0
                ? order > 0
                : string.CompareOrdinal(members[member], members[best]) > 0;
    }

    // The finalizer of MurmurHash3: one changed bit of either hash changes half of the bits of the weight.
    private static ulong Weigh(ulong member, ulong shard)
    {
        var weight = member ^ shard;
        weight = (weight ^ (weight >> 33)) * 0xff51afd7ed558ccdUL;
        weight = (weight ^ (weight >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return weight ^ (weight >> 33);
    }
}
