namespace SafeLoop;

/// <summary>The heap after a collection of all generations.</summary>
/// <param name="Collection">The collection's number; 0: there has been none.</param>
/// <param name="Used">What was alive, in bytes.</param>
/// <param name="Limit">What the heap may hold: the machine's memory, its container's, or the limit that was set.</param>
internal readonly record struct HeapState(long Collection, long Used, long Limit)
{
    public double Share => Limit > 0 ? (double)Used / Limit : 0;

    /// <summary>Reads what the collector last wrote down; costs about a microsecond and starts no collection.</summary>
    public static HeapState Read()
    {
        var (blocking, background) = (GC.GetGCMemoryInfo(GCKind.FullBlocking), GC.GetGCMemoryInfo(GCKind.Background));
        var last = background.Index > blocking.Index ? background : blocking;
        return new(last.Index, last.HeapSizeBytes - last.FragmentedBytes, last.TotalAvailableMemoryBytes);
    }
}
