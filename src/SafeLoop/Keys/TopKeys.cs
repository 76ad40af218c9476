namespace SafeLoop;

/// <summary>The first few of many keys, in one pass, without sorting all.</summary>
internal static class TopKeys
{
    /// <param name="keys">All keys.</param>
    /// <param name="rank">Those of the highest come first.</param>
    /// <param name="limit">How many at most.</param>
    public static KeyLook[] Of(IEnumerable<KeyLook> keys, Func<KeyLook, long> rank, int limit)
    {
        var top = new PriorityQueue<KeyLook, long>(); // the lowest of them first
        if (limit > 0)
        {
            foreach (var key in keys)
            {
                if (top.Count < limit)
                    top.Enqueue(key, rank(key));
                else
                    top.EnqueueDequeue(key, rank(key));
            }
        }

        var ranked = new KeyLook[top.Count];
        while (top.TryDequeue(out var key, out _))
            ranked[top.Count] = key;
        return ranked;
    }
}
