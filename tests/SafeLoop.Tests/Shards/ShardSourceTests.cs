using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>The keys of open shards come from a source: read as a whole, or shard by shard.</summary>
public class ShardSourceTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10), Hour = TimeSpan.FromHours(1);

    private readonly List<string> _reads = [];
    private readonly HashSet<int> _keys = [.. Enumerable.Range(0, 40)];

    [Fact]
    public void Each_shard_is_read_when_it_is_opened_and_then_periodically()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).KeysFrom<int>((shard, _, _) => Read(shard), Hour));
        var a = cluster.Start("a");
        cluster.Advance(5);
        Assert.Empty(_reads);

        cluster.Open(a, shard: new(1, 4));
        cluster.Open(a, shard: new(3, 4));
        Settle(a);
        Assert.Equal(["1/4", "3/4"], _reads.Distinct().Order());
        Assert.Equal(_keys.Where(key => KeyShard.FromKey(key, 4).Index is 1 or 3).Order(), a.Keys.Keys.Order());

        _keys.Remove(a.Keys.Keys.First());
        cluster.Advance(Hour.TotalSeconds);
        Assert.Equal(_keys.Where(key => KeyShard.FromKey(key, 4).Index is 1 or 3).Order(), a.Keys.Keys.Order());
    }

    [Fact]
    public void A_source_of_all_keys_yields_those_of_open_shards()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).KeysFrom((_, _) => Read(default), Hour));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, shard: new(0, 2));
        cluster.Open(b, shard: new(1, 2));
        Settle(a);
        Settle(b);

        Assert.Equal(_keys.Order(), a.Keys.Keys.Concat(b.Keys.Keys).Order());
        Assert.All(a.Keys.Keys, key => Assert.Equal(0, KeyShard.FromKey(key, 2).Index));
    }

    [Fact]
    public void A_shard_that_cannot_be_read_does_not_keep_the_others_from_being_read()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).KeysFrom<int>(
            (shard, _, _) => shard.Index == 0 ? throw new IOException("on purpose") : Read(shard), Hour));
        var a = cluster.Start("a");
        cluster.Open(a, shard: new(0, 2));
        cluster.Open(a, shard: new(1, 2));
        Settle(a, () => a.Keys.Count > 0);

        Assert.Equal(_keys.Where(key => KeyShard.FromKey(key, 2).Index == 1).Order(), a.Keys.Keys.Order());
        Assert.Contains(a.Loops.Records("tick.keys"), record => record.Outcome is IterationOutcome.Failed);
    }

    [Fact]
    public void Keys_that_a_source_yields_for_another_shard_are_left_out_and_reported()
    {
        _keys.RemoveWhere(static key => key > 9);
        using var cluster = new ClusterHosts(
            task => task.Every(Ten).KeysFrom<int>((shard, _, _) => Read(shard.Index == 0 ? default : shard), Hour));
        var a = cluster.Start("a");
        cluster.Open(a, shard: new(0, 2));
        Settle(a, () => a.Loops.Records("tick.keys").Any());
        var own = _keys.Where(static key => KeyShard.FromKey(key, 2).Index == 0);
        var other = _keys.First(static key => KeyShard.FromKey(key, 2).Index == 1);

        Assert.Equal(own.Order(), a.Keys.Keys.Order());
        Assert.Contains(
            $"The source given to KeysFrom yielded the key '{other}' for shard 0/2, but it is in shard 1/2, so it is left out. "
                + "Select the keys of a shard by KeyShard.FromKey(key, shard.Count).Index, or give KeysFrom a source of all "
                + "keys.",
            a.Loops.Records("tick.keys").Last().Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_move_are_not_read_as_new_ones()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).KeysFrom<int>((shard, _, _) => Read(shard), Hour));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        Settle(a);
        cluster.Advance(15);
        cluster.Move(a, b);
        Settle(b);
        cluster.Advance(10);

        Assert.All(_keys, key => Assert.Equal(["a 0", "a 10", "b 20"], cluster.Journal.Of(key)));
        Assert.All(cluster.Journal.Runs.Where(run => run.Host == "b"), run => Assert.Equal(3, run.Number));
    }

    [Fact]
    public void After_a_crash_the_keys_that_had_ended_were_paused_or_added_by_hand_are_known()
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten).StopAfterFailures(1).KeysFrom<int>((shard, _, _) => Read(shard), Hour));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (_, key, _, _) => key == 1 ? throw new IOException("on purpose") : default;
        cluster.Open(a);
        Settle(a);
        cluster.Advance(1);
        var ended = a.All.ReadProgress().Single().Exceptions;
        a.Keys.Find(2)!.Pause("maintenance");
        var paused = a.All.ReadProgress().Single().Exceptions;
        Assert.True(a.Keys.TryAdd(1000));
        var added = a.All.ReadProgress().Single().Exceptions;
        Assert.Equal(4, new[] { 0ul, ended, paused, added }.Distinct().Count());
        Assert.Equal(added, a.All.ReadProgress().Single().Exceptions);

        var exceptions = a.All.WriteExceptions("tick", ClusterHosts.Whole);
        a.IsGone = true;
        cluster.Advance(5);
        cluster.Open(b, watermark: LoopHost.Start + TimeSpan.FromSeconds(1), exceptions: exceptions);
        Settle(b);
        cluster.Advance(20);

        Assert.Equal(LoopEnd.Failures, b.Keys.Find(1)!.Snapshot().End);
        Assert.Equal("maintenance", b.Keys.Find(2)!.Snapshot().Pause!.Reason);
        Assert.Contains(1000, b.Keys.Keys);
        Assert.Equal(["a 0"], cluster.Journal.Of(1));
        Assert.Equal(["a 0", "b 10", "b 20"], cluster.Journal.Of(3));
    }

    // The reader is woken through the thread pool.
    private static void Settle(ClusterHosts.Host host, Func<bool>? isRead = null) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                host.Loops.Settle();
                return isRead?.Invoke() ?? !host.Shards.HasUnread;
            },
            TimeSpan.FromSeconds(30)));

    private async IAsyncEnumerable<int> Read(KeyShard shard)
    {
        await Task.CompletedTask;
        _reads.Add($"{shard}");
        foreach (var key in _keys.Where(shard.Contains).ToArray())
            yield return key;
    }
}
