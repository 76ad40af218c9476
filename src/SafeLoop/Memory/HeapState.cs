namespace SafeLoop;

/// <summary>The heap after the last full garbage collection.</summary>
/// <param name="Collection">The number of the collection; 0: there was none.</param>
/// <param name="Used">The size of the live objects, in bytes.</param>
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
        return new(last.Index, last.HeapSizeBytes - last.FragmentedBytes, last.TotalAvailableMemoryBytes);
    }
}
