using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>A loop that this host owns is found by the text of its key, when another host has asked for it.</summary>
public class LoopsByTextTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly ClusterHosts _cluster = new(
        task => task.Every(Period),
        services => services.AddRecurringTask("nightly", (_, _) => default(ValueTask)).Every(Period).InCluster().Services
            .AddRecurringTask("local", (_, _) => default(ValueTask)).Every(Period));

    private readonly ClusterHosts.Host _host;
    private readonly LoopsByText _loops;

    public LoopsByTextTests()
    {
        _host = _cluster.Start("a");
        _loops = _host.Loops.Services.GetRequiredService<LoopsByText>();
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void The_owner_of_a_loop_knows_that_it_is()
    {
        var shard = KeyShard.FromKey(7, 4);
        _cluster.Open(_host, shard: shard);

        Assert.True(_loops.IsOwner("tick", "7"));
        Assert.False(_loops.IsOwner("tick", Enumerable.Range(0, 100).First(key => !shard.Contains(key)).ToString()));
        Assert.False(_loops.IsOwner("nightly", null));

        _cluster.Open(_host, task: "nightly");
        Assert.True(_loops.IsOwner("nightly", null));

        _cluster.Close(_host, shard: shard);
        _cluster.Close(_host, task: "nightly");
        Assert.False(_loops.IsOwner("tick", "7"));
        Assert.False(_loops.IsOwner("nightly", null));
    }

    [Fact]
    public void A_key_is_added_run_paused_stopped_and_removed_by_its_text()
    {
        _cluster.Open(_host);

        Assert.True(_loops.TryAdd("tick", "7"));
        Assert.False(_loops.TryAdd("tick", "7"));
        Assert.True(_host.Keys.Contains(7));

        var handle = _loops.Find("tick", "7")!;
        Assert.Equal("7", handle.Snapshot().Key);
        Assert.Equal(IterationOutcome.Succeeded, _host.ResultOf(handle.RunNowAsync()).Outcome);
        handle.Pause("by a colleague");
        Assert.Equal("by a colleague", _loops.Find("tick", "7")!.Snapshot().StateReason);
        handle.Resume();
        handle.Stop("enough");
        _host.Loops.Settle();
        Assert.Equal(RecurringTaskState.Ended, _loops.Find("tick", "7")!.State);

        Assert.True(_loops.TryRemove("tick", "7"));
        Assert.False(_loops.TryRemove("tick", "7"));
        Assert.Null(_loops.Find("tick", "7"));
    }

    [Fact]
    public void An_ordinary_task_has_no_key()
    {
        _cluster.Open(_host, task: "nightly");

        Assert.Equal("nightly", _loops.Find("nightly", null)!.Name);
        Assert.Equal(
            "Recurring task 'nightly' has no keys. Do not give one. (Parameter 'key')",
            Assert.Throws<ArgumentException>(() => _loops.Find("nightly", "7")).Message);
        Assert.Equal(
            "Recurring task 'tick' has a loop per key. Give the text of a key. (Parameter 'key')",
            Assert.Throws<ArgumentException>(() => _loops.Find("tick", null)).Message);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("unknown")]
    public void A_task_that_is_not_in_the_cluster_is_not_found(string name) => Assert.Equal(
        $"This host has no recurring task '{name}' in a cluster. (Parameter 'name')",
        Assert.Throws<ArgumentException>(() => _loops.Find(name, null)).Message);

    [Fact]
    public void A_text_that_is_no_key_is_refused_with_a_sentence()
    {
        _cluster.Open(_host);

        Assert.Null(_loops.Find("tick", "seven"));
        Assert.False(_loops.TryRemove("tick", "seven"));
        Assert.Contains(
            "The key 'seven' of recurring task 'tick' cannot be read from its text: it is no Int32",
            Assert.Throws<InvalidOperationException>(() => _loops.TryAdd("tick", "seven")).Message);
        Assert.Contains(
            "which does not own its shard",
            Assert.Throws<InvalidOperationException>(() =>
            {
                _cluster.Close(_host);
                _loops.TryAdd("tick", "7");
            }).Message);
    }
}
