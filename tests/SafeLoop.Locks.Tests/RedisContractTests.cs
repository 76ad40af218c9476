using StackExchange.Redis;

namespace SafeLoop.Locks.Tests;

[Collection(RedisCollection.Name)]
public class RedisContractTests(RedisBackEnd backEnd) : BackEndContract(backEnd)
{
    [Fact]
    public async Task A_number_grows_although_the_server_has_forgotten_the_last_one_and_the_scripts()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{backEnd.Server.Port},allowAdmin=true");
        var database = connection.GetDatabase();
        var commands = new List<string>();
        var store = new RedisFenceStore(async (command, arguments) =>
        {
            commands.Add(command);
            return (string?)await database.ExecuteAsync(command, arguments);
        });
        var before = await store.NextAsync("forgotten", null, default);
        commands.Clear();
        await database.KeyDeleteAsync("safeloop:fence:forgotten");
        var next = await store.NextAsync("forgotten", null, default);
        Assert.True(next.Token > before.Token);
        Assert.Equal(["EVALSHA"], commands); // known by its name

        await database.ExecuteAsync("SCRIPT", "FLUSH");
        Assert.True((await store.NextAsync("forgotten", null, default)).Token > next.Token);
        Assert.Equal(["EVALSHA", "EVALSHA", "EVAL"], commands);
    }

    [Fact]
    public async Task Locks_of_one_name_that_are_not_the_same_are_kept_apart_by_a_prefix()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{backEnd.Server.Port}");
        var database = client.GetDatabase();
        RedisFenceStore[] stores = [.. new[] { "one:", "two:" }.Select(prefix =>
            new RedisFenceStore(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments), prefix))];
        var first = await stores[0].NextAsync("shared", null, default);
        await stores[1].NextAsync("shared", null, default);

        Assert.True(await stores[0].IsLastAsync("shared", first.Token, default));
        Assert.Equal(first.Token, await stores[0].LastAsync("shared", default));
        Assert.Equal(0, await stores[0].LastAsync("unused", default));
    }

    [Fact]
    public async Task A_number_ahead_of_the_clock_grows_by_one()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{backEnd.Server.Port}");
        var database = client.GetDatabase();
        const long Ahead = 1L << 52; // the year 2112, in microseconds
        await database.HashSetAsync("safeloop:fence:ahead", "token", Ahead);

        var store = new RedisFenceStore(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments));
        Assert.Equal(Ahead + 1, (await store.NextAsync("ahead", null, default)).Token);
        Assert.True(await store.IsLastAsync("ahead", Ahead + 1, default));
    }
}
