namespace SafeLoop;

/// <summary>Selects the highest-ranked of many keys in one pass, without sorting all.</summary>
internal static class TopKeys
{
    /// <param name="keys">All keys.</param>
    /// <param name="rank">The rank of a key; the highest comes first.</param>
    /// <param name="limit">The maximum number of keys; 0 or more.</param>
    public static KeyView[] Select(IEnumerable<KeyView> keys, Func<KeyView, long> rank, int limit)
    {
        var top = new PriorityQueue<KeyView, long>(); // the lowest rank comes out first
        if (limit > 0)
        {
            foreach (var key in keys)
            {
                var own = rank(key);
                if (top.Count < limit)
                    top.Enqueue(key, own);
                else if (top.TryPeek(out _, out var least) && own > least) // most of a million keys are not among the highest
                    top.EnqueueDequeue(key, own);
            }
        }

        var ranked = new KeyView[top.Count];
        while (top.TryDequeue(out var key, out _))
            ranked[top.Count] = key;
        return ranked;
    }
}
