using ClusterSample;
using SafeLoop.Cluster.Running;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Cluster.Report;

/// <summary>What loops cost in the steady state: medians of all runs. Null: not in this run.</summary>
internal sealed class Costs(ClusterOptions options, ResultBook book)
{
    /// <summary>The calls of the store in the time of a lease, by each silo.</summary>
    public double? CallsPerLease => CallsPerSecond * ClusterOptions.Lease.TotalSeconds / ClusterOptions.Silos;

    public double? CallsPerIteration => CallsPerSecond * UpdateDevice.Period.TotalSeconds / options.Keys;

    /// <summary>The heap of a key, without that of an idle process.</summary>
    public double? Bytes(string what) => IsCluster(what)
        ? (Find(what, result => result.Bytes) - Find(SteadyResult.Idle, result => result.Bytes)) / options.Keys
        : Find(what, result => result.Bytes) / options.KeysOfOne;

    /// <summary>The CPU time of an iteration, in microseconds, with the processes that run it.</summary>
    public double? Microseconds(string what) =>
        Find(what, result => result.CpuPerPeriod.TotalMicroseconds) / (IsCluster(what) ? options.Keys : options.KeysOfOne);

    /// <summary>The part of it that idle silos use, too.</summary>
    public double? IdleMicroseconds =>
        Find(SteadyResult.Idle, result => result.CpuPerPeriod.TotalMicroseconds) / options.Keys;

    public double? Heap(string what) => Bytes(what) / Bytes(SteadyResult.One);

    public double? Cpu(string what) => (Microseconds(what) - IdleMicroseconds) / Microseconds(SteadyResult.One);

    // Idle silos send some, too, for the members of Orleans.
    private double? CallsPerSecond => Find(SteadyResult.Cluster, result => result.CallsPerSecond)
        - Find(SteadyResult.Idle, result => result.CallsPerSecond);

    private static bool IsCluster(string what) => what is SteadyResult.Cluster or SteadyResult.LargeShards;

    private double? Find(string what, Func<SteadyResult, double> figure) =>
        book.Steady(what) is { Count: > 0 } results ? Median.Of(results.Select(figure)) : null;
}
