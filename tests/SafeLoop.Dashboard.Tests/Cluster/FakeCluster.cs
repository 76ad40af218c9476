using SafeLoop.Tests.Shards;

namespace SafeLoop.Dashboard.Tests;

/// <summary>A cluster of two members, whose shards the test sets.</summary>
internal sealed class FakeCluster : UnusedCluster
{
    public override IReadOnlyList<ClusterMember> Members =>
    [
        new() { Name = "north", Address = "10.0.0.1:11111@1", Tasks = ["devices", "nightly"], IsThisHost = true },
        new() { Name = "<b>south</b>", Address = "10.0.0.2:11111@2", Tasks = ["devices"], IsLeaving = true },
    ];

    public List<ClusterShard> Shards { get; } = [];

    /// <summary>What the store throws; null: it answers.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How often the store was asked.</summary>
    public int Queries { get; private set; }

    /// <summary>A cluster with shards of each kind.</summary>
    public static FakeCluster WithMoves()
    {
        var cluster = new FakeCluster();
        cluster.Shards.AddRange(Enumerable.Range(0, 8).Select(index => new ClusterShard
        {
            TaskName = "poll devices", Index = index, Epoch = 1_700_000_000_000_000 + index,
            Owner = index == 7 ? null : "north",
            IsOwned = index < 6, Since = new(2026, 3, 27, 7, 0, index, TimeSpan.Zero),
            Previous = index == 0 ? null : "south-with-a-long-name",
            WasLost = index % 2 == 0, Losses = index,
        }));
        return cluster;
    }

    public override Task<IReadOnlyList<ClusterShard>> QueryShardsAsync(
        string? task = null, CancellationToken cancellationToken = default)
    {
        Queries++;
        return Fault is { } fault
            ? Task.FromException<IReadOnlyList<ClusterShard>>(fault)
            : Task.FromResult<IReadOnlyList<ClusterShard>>([.. Shards.Where(shard => task is null || shard.TaskName == task)]);
    }
}
