namespace SafeLoop.Locks.Tests.Shards;

/// <summary>A host with one lease, as the judge sees it. It relies on the lease as SafeLoop does.</summary>
internal sealed class JudgedHost(string name, long lease, TimeSpan length, long asked)
{
    public long Lease => lease;

    public HashSet<int> Owned { get; } = [];

    /// <summary>When the last successful renewal was asked for.</summary>
    public long Renewed { get; set; } = asked;

    public bool IsValid => TimeProvider.System.GetElapsedTime(Renewed) < length * 0.9;

    public override string ToString() => $"{name} with the lease {lease}";
}
