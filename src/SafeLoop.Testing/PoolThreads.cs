namespace SafeLoop.Testing;

/// <summary>The threads of the thread pool that are busy, with steps or with something else.</summary>
internal static class PoolThreads
{
    /// <summary>Looks more than once: some threads are only about to go to sleep.</summary>
    /// <param name="enough">Fewer need not be looked for.</param>
    /// <returns>How many were busy; <see cref="int.MaxValue"/>: work was queued each time, which may need any number.</returns>
    public static int LeastBusy(int enough = 0)
    {
        var least = int.MaxValue;
        for (var look = 0; look < 20 && least > enough; look++, Thread.Yield())
        {
            if (ThreadPool.PendingWorkItemCount > 0)
                continue;
            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.GetAvailableThreads(out var free, out _);
            least = Math.Min(least, most - free);
        }
        OthersThreads.InProcess.Saw(least);
        return least;
    }
}
