namespace SafeLoop.Tests.Memory;

/// <summary>Tests that count bytes: one after the other, and beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Bytes
{
    public const string Name = "bytes";

    /// <summary>
    /// What is alive, after all that is not has been collected: what earlier tests left behind may go only by and by.
    /// </summary>
    public static long Alive()
    {
        const int Noise = 10_000;
        var before = Collect();
        for (var i = 0; i < 20; i++)
        {
            var now = Collect();
            if (Math.Abs(now - before) <= Noise)
                return now;
            before = now;
        }
        return before;
    }

    /// <summary>
    /// The median of three: what a process makes only once (code, pools) adds to one, and what an earlier test frees meanwhile
    /// takes from one.
    /// </summary>
    public static async Task<double> MedianAsync(Func<Task<double>> weighAsync)
    {
        double[] weights = [await weighAsync(), await weighAsync(), await weighAsync()];
        return weights.Order().ElementAt(1);
    }

    private static long Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>What all threads have allocated since the process began.</summary>
    public static long Allocated() => GC.GetTotalAllocatedBytes(precise: true);
}
