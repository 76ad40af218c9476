using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Memory;
using Xunit.Abstractions;

namespace SafeLoop.Tests.Shards;

/// <summary>What shards cost: their bytes, and the time in which a host opens and closes all of them.</summary>
[Collection(Bytes.Name)]
public class ShardCostTests(ITestOutputHelper output)
{
    private const int Shards = 1024, KeysOfAShard = 300;

    [Fact]
    public void A_shard_takes_a_kilobyte_and_its_keys_what_keys_take()
    {
        using var cluster = Create();
        var a = Start(cluster, "a");
        cluster.Open(a, shard: new(0, Shards));
        var before = Bytes.Alive();
        for (var shard = 1; shard < Shards; shard++)
            cluster.Open(a, shard: new(shard, Shards));
        var empty = Bytes.Alive();
        AddKeys(a);
        var full = Bytes.Alive();

        var (ofShard, ofKey) = ((empty - before) / (double)(Shards - 1), (full - empty) / (double)(Shards * KeysOfAShard));
        output.WriteLine($"{ofShard:N0} bytes a shard, {ofKey:N1} bytes a key");
        Assert.InRange(ofShard, 0, 1024);
        Assert.InRange(ofKey, 0, 128);
    }

    [Fact]
    public void Time_grows_with_the_keys_and_not_with_the_shards_times_the_keys()
    {
        using var cluster = Create();
        var (a, b) = (Start(cluster, "a"), Start(cluster, "b"));
        for (var shard = 0; shard < Shards; shard++)
            cluster.Open(a, shard: new(shard, Shards));
        AddKeys(a);

        var watch = Stopwatch.StartNew();
        var closing = Enumerable.Range(0, Shards)
            .Select(shard => a.All.CloseAsync("tick", new(shard, Shards), TimeSpan.Zero, default)).ToArray();
        var memories = closing.Select(a.ResultOf).ToArray();
        var closed = watch.Elapsed;

        watch.Restart();
        for (var shard = 0; shard < Shards; shard++)
            cluster.Open(b, memories[shard], shard: new(shard, Shards));
        var opened = watch.Elapsed;

        watch.Restart();
        _ = b.All.ReadProgress();
        output.WriteLine($"closed in {closed}, opened in {opened}, progress in {watch.Elapsed}, "
            + $"{memories.Sum(memory => memory!.Length) / (double)(Shards * KeysOfAShard):N1} bytes of memory a key");
        Assert.Equal((0, Shards * KeysOfAShard), (a.Keys.Count, b.Keys.Count));
        Assert.InRange(closed + opened, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    // No loop is due, and nothing is kept of events and log lines.
    private static ClusterHosts Create() => new(
        task => task.Cron("0 * * * *"), services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error)));

    private static ClusterHosts.Host Start(ClusterHosts cluster, string name)
    {
        var host = cluster.Start(name);
        host.Loops.Observer.IsOff = true;
        cluster.Advance(1);
        return host;
    }

    private static void AddKeys(ClusterHosts.Host host)
    {
        for (var key = 0; key < Shards * KeysOfAShard; key++)
            Assert.True(host.Keys.TryAdd(key));
    }
}
