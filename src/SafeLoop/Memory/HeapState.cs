namespace SafeLoop;

/// <summary>The heap after the last full garbage collection; before the first, as it is.</summary>
/// <param name="Collection">The number of the collection; 0: there was none.</param>
/// <param name="Used">The size of the live objects in bytes; before the first collection, of all objects.</param>
/// <param name="Limit">The limit of the heap in bytes: the memory of the machine or container, or the configured limit.</param>
internal readonly record struct HeapState(long Collection, long Used, long Limit)
{
    public double Share => Limit > 0 ? (double)Used / Limit : 0;

    /// <summary>
    /// Reads the garbage collector's data about the last full collection. Takes about a microsecond and starts no collection.
    /// </summary>
    public static HeapState Read()
    {
        var (blocking, background) = (GC.GetGCMemoryInfo(GCKind.FullBlocking), GC.GetGCMemoryInfo(GCKind.Background));
        var last = background.Index > blocking.Index ? background : blocking;
        var used = last.Index > 0 ? last.HeapSizeBytes - last.FragmentedBytes : GC.GetTotalMemory(forceFullCollection: false);
        return new(last.Index, used, GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes);
    }
}
