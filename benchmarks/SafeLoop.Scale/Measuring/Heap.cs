namespace SafeLoop.Scale.Measuring;

/// <summary>The garbage-collected heap.</summary>
internal static class Heap
{
    /// <summary>The bytes in use, once all garbage has been collected.</summary>
    public static long BytesAlive()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        // Gives unused memory back to the system, too.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
