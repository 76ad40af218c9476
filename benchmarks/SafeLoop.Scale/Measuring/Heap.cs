using System.Diagnostics;

namespace SafeLoop.Scale.Measuring;

/// <summary>The garbage-collected heap.</summary>
internal static class Heap
{
    /// <summary>How long a blocking collection of the whole heap takes, in milliseconds; the median of nine.</summary>
    public static double FullCollection()
    {
        var times = new double[9];
        for (var i = 0; i < times.Length; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
            times[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }
        return times.Order().ElementAt(times.Length / 2);
    }

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
