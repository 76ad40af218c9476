namespace SafeLoop.Tool;

/// <summary>A .NET process of this machine.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Name">What it is called.</param>
/// <param name="HeapUsed">Bytes on its heap; null when it did not say.</param>
/// <param name="HeapLimit">How large its heap may grow.</param>
/// <param name="Resident">Its share of the machine's memory.</param>
internal sealed record ListedProcess(int Id, string Name, long? HeapUsed, long HeapLimit, long Resident)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>All that can be reached but the tool itself, in the order of their ids.</summary>
    public static async Task<IReadOnlyList<ListedProcess>> AllAsync()
    {
        var ids = Microsoft.Diagnostics.NETCore.Client.DiagnosticsClient.GetPublishedProcesses()
            .Where(id => id != Environment.ProcessId).Distinct().Order();
        var asked = await Task.WhenAll(ids.Select(id => Task.Factory.StartNew(() => Ask(id), TaskCreationOptions.LongRunning)));
        return [.. asked.OfType<ListedProcess>()];
    }

    private static ListedProcess? Ask(int id)
    {
        try
        {
            var target = TargetProcess.Find(id);
            var map = ModuleMap.Read(target, Limit);
            return new ListedProcess(id, target.Name, HeapOf(target), HeapLimits.Of(id, map.HardLimit),
                ProcessMemory.Resident(id));
        }
        catch (ToolException)
        {
            return null; // gone meanwhile, or not ours: it cannot be reached
        }
    }

    private static long? HeapOf(TargetProcess target)
    {
        long? heap = null;
        using var session = EventSession.Counters(target, interval: 0.1, Limit, runs: Limit, TimeProvider.System);
        session.Process(source => RuntimeCounters.On(source, (name, value) =>
        {
            if (name != "gc-heap-size" || heap is not null)
                return;
            heap = (long)(value * 1_000_000);
            ThreadPool.QueueUserWorkItem(_ => session.Stop());
        }));
        return heap;
    }
}
