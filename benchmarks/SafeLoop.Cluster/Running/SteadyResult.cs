using ClusterSample;
using SafeLoop.Cluster.Nodes;

namespace SafeLoop.Cluster.Running;

/// <summary>What loops cost in the steady state.</summary>
/// <param name="What">The id of what runs them.</param>
/// <param name="Bytes">The heap of all processes, in bytes, less that before there were keys where it is known.</param>
/// <param name="CpuPerPeriod">The CPU time of all processes in a period of the loops.</param>
/// <param name="CallsPerSecond">The scripts that Redis has run: the calls of the shard store, and some of Orleans.</param>
internal sealed record SteadyResult(string What, double Bytes, TimeSpan CpuPerPeriod, double CallsPerSecond)
{
    public const string Idle = "idle", Cluster = "cluster", LargeShards = "large shards", One = "one process", Grains = "grains";

    // The compiler is done, and each loop has run.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <summary>After it, the runners that a burst at the start has needed are released.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(75);

    /// <summary>Measures processes whose loops run.</summary>
    /// <param name="what">Its id.</param>
    /// <param name="session">The processes.</param>
    /// <param name="window">How long the CPU time is measured.</param>
    /// <param name="rest">The time from then until the heap is read.</param>
    /// <param name="bytesBefore">The heap before there were keys.</param>
    public static async Task<SteadyResult> MeasureAsync(
        string what, Session session, TimeSpan window, TimeSpan rest = default, double bytesBefore = 0)
    {
        await Task.Delay(WarmUp);
        var calls = await session.CountCallsAsync();
        var (began, cpu) = (TimeProvider.System.GetTimestamp(), session.Live.Select(node => node.Cpu).ToArray());
        await Task.Delay(window);
        var took = TimeProvider.System.GetElapsedTime(began);
        var used = session.Live.Zip(cpu, (node, before) => node.Cpu - before).Aggregate((one, other) => one + other);
        calls = await session.CountCallsAsync() - calls;
        await Task.Delay(rest);
        return new(
            what, await ReadHeapAsync(session) - bytesBefore, used * (UpdateDevice.Period / took), calls / took.TotalSeconds);
    }

    /// <summary>Starts a process without keys, adds them, and measures it.</summary>
    public static async Task<SteadyResult> MeasureAsync(string what, NodeKind kind, ClusterOptions options)
    {
        await using var session = await Session.StartAsync(options.KeysOfOne, options.Shards);
        await session.AddAsync(kind);
        var empty = await ReadHeapAsync(session);
        await session.Live[0].AskAsync(NodeCommand.AddKeys);
        return await MeasureAsync(what, session, options.Window, bytesBefore: empty);
    }

    private static async Task<double> ReadHeapAsync(Session session)
    {
        var bytes = 0.0;
        foreach (var node in session.Live)
            bytes += await node.ReadHeapAsync();
        return bytes;
    }
}
