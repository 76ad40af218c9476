using LocalServers;
using SafeLoop.Tests;
using StackExchange.Redis;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>What a shard store on Redis does when its server fails, and with numbers and names that are unusual.</summary>
[Collection(RedisCollection.Name)]
public sealed class RedisShardFaultTests(RedisBackEnd backEnd)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(600);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_restart_no_shard_is_taken_until_the_owners_before_rely_on_it_no_more(bool persistent)
    {
        using var server = new RedisServer(persistent: persistent);
        server.Start();
        await using var connection = await ConnectAsync(server.Port);
        var store = ShardTimes.CreateRedis(connection, "restart");
        var (owner, epoch, asked) = await OwnAsync(store);
        server.Kill();
        server.Start();

        // Others come at once, and another cluster would like to.
        var joined = await UntilAnsweredAsync(() => ShardHost.TryJoinAsync(store, Lease, "next").AsTask());
        Assert.InRange(joined.Wait, TimeSpan.FromTicks(1), Lease);
        Assert.False(await owner.RenewAsync()); // also a take of its own may be lost
        Assert.Null(await owner.TakeAsync(epoch));
        var other = await store.JoinAsync(
            new() { Cluster = "other", ShardCount = 8, Name = "o", Details = "", Length = Lease }, default);
        Assert.Equal(0, other.Lease);

        var next = new ShardHost(store, joined.Lease);
        var known = (await next.ReadAsync())?.Epoch ?? 0;
        Assert.Equal(persistent ? epoch : 0, known);
        if (persistent)
            Assert.Equal([7], (await next.ReadAsync())!.Progress);
        long? taken = null;
        var began = TimeProvider.System.GetTimestamp();
        while (taken is null)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ThreadedLoopHost.Patience, "It is never taken.");
            if (!await next.RenewAsync())
                next = await ShardHost.JoinAsync(store, Lease);
            taken = await next.TakeAsync(known);
        }
        Assert.True(TimeProvider.System.GetElapsedTime(asked) > Lease * 0.9, "It was taken while its owner relied on it.");
        Assert.True(taken > epoch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_shard_has_two_owners_when_the_server_crashes_again_and_again(bool persistent)
    {
        using var server = new RedisServer(persistent: persistent);
        server.Start();
        await using var connection = await ConnectAsync(server.Port);
        await new ConcurrentHosts(
            () => ShardTimes.CreateRedis(connection, "crashes"),
            TimeSpan.FromSeconds(3), // longer than a restart
            error => error is RedisConnectionException or RedisTimeoutException or RedisServerException)
            .RunWithCrashesAsync(server, crashes: 3, takesBetween: 40);
    }

    [Fact]
    public async Task What_was_flushed_is_not_taken_at_once()
    {
        await using var connection = await ConnectAsync(backEnd.Server.Port);
        var store = ShardTimes.CreateRedis(connection, "flushed");
        var (owner, epoch, asked) = await OwnAsync(store);
        backEnd.EndConnections(); // forgets everything

        Assert.False(await owner.RenewAsync());
        var next = await ShardHost.JoinAsync(store, Lease);
        Assert.Null(await next.TakeAsync(0));
        Assert.Null(await next.TakeAsync(epoch));
        Assert.True(next.Lease > owner.Lease);
        Assert.True(TimeProvider.System.GetElapsedTime(asked) > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(1L << 53)]
    [InlineData((1L << 53) + 1)]
    [InlineData(long.MaxValue - 1)]
    [InlineData(9_999_999_999_999_999)]
    public async Task Epochs_and_leases_ahead_of_the_clock_grow_by_one_exactly(long last)
    {
        await using var connection = await ConnectAsync(backEnd.Server.Port);
        var store = ShardTimes.CreateRedis(connection, $"ahead {last}");
        var (owner, epoch, _) = await OwnAsync(store);
        Assert.True(await owner.GiveAsync(epoch));
        var row = (string?)await connection.GetDatabase().HashGetAsync($"{{safeloop:shards:ahead {last}}}:shards", "0:task");
        await connection.GetDatabase().HashSetAsync(
            $"{{safeloop:shards:ahead {last}}}:shards", "0:task",
            row!.Replace($"\"{epoch}\"", $"\"{last}\"", StringComparison.Ordinal));
        await connection.GetDatabase().HashSetAsync($"{{safeloop:shards:ahead {last}}}:cluster", "lease", last);

        Assert.Null(await owner.TakeAsync(last - 1));
        var host = await ShardHost.JoinAsync(store, TimeSpan.FromMinutes(1));
        Assert.Equal(last + 1, host.Lease);
        for (var n = 0; n < 2; n++)
        {
            await ShardTimes.SetBackAsync(connection, $"ahead {last}", TimeSpan.FromSeconds(40));
            Assert.True(await host.RenewAsync());
        }
        Assert.Null(await host.TakeAsync(last - 1));
        Assert.Equal(last + 1, await host.TakeAsync(last));
        Assert.True(await host.GiveAsync(last + 1));
    }

    [Fact]
    public async Task All_keys_of_an_application_have_one_hash_tag()
    {
        var keys = new List<object>();
        var store = new RedisShardStore(
            (_, arguments) =>
            {
                keys.AddRange(arguments.Skip(2).Take((int)arguments[1]));
                return Task.FromResult<string?>("[]");
            },
            "shop");
        Assert.Empty(await store.ReadOwnersAsync(null, default));
        Assert.Equal(8, keys.Count);
        Assert.All(keys, key => Assert.StartsWith("{safeloop:shards:shop}:", (string)key));
    }

    [Fact]
    public async Task A_user_without_the_right_to_ask_which_server_it_is_gets_a_sentence()
    {
        await using var connection = await ConnectAsync(backEnd.Server.Port);
        await connection.GetDatabase().ExecuteAsync("ACL", "SETUSER", "plain", "on", "nopass", "~*", "+@all", "-info");
        await using var plain = await ConnectionMultiplexer.ConnectAsync(
            $"127.0.0.1:{backEnd.Server.Port},user=plain,password=none,abortConnect=false");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ShardHost.JoinAsync(ShardTimes.CreateRedis(plain, "rights"), Lease));
        Assert.StartsWith("The user of the shard store has not all rights it needs in Redis. Grant it EVAL", error.Message);
    }

    [Fact]
    public async Task An_answer_that_is_not_text_of_the_store_gets_a_sentence()
    {
        var store = new RedisShardStore((_, _) => Task.FromResult<string?>("System.Byte[]"), "shop");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => store.ReadOwnersAsync(null, default).AsTask());
        Assert.Equal(
            "Redis answered 'System.Byte[]' where shards were expected. Check the delegate given to RedisShardStore: "
            + "it must return the answer as text.",
            error.Message);
    }

    // A host that owns a shard, and when it asked for its last renewal.
    private static async Task<(ShardHost Owner, long Epoch, long Asked)> OwnAsync(IShardStore store)
    {
        var owner = await ShardHost.JoinAsync(store, Lease);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ThreadedLoopHost.Patience, "It is never taken.");
            var asked = TimeProvider.System.GetTimestamp();
            if (!await owner.RenewAsync([7]))
                owner = await ShardHost.JoinAsync(store, Lease);
            else if (await owner.TakeAsync((await owner.ReadAsync())?.Epoch ?? 0) is { } epoch)
                return (owner, epoch, asked);
        }
    }

    private static async Task<ShardJoinResult> UntilAnsweredAsync(Func<Task<ShardJoinResult>> join)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await join();
            }
            catch (Exception error) when (error is RedisConnectionException or RedisTimeoutException)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < ThreadedLoopHost.Patience, error.Message);
            }
        }
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(int port) => ConnectionMultiplexer.ConnectAsync(
        $"127.0.0.1:{port},abortConnect=false,allowAdmin=true,connectTimeout=1000,connectRetry=1");
}
