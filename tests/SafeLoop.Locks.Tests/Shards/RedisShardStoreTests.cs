using StackExchange.Redis;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>The contract of shard stores on Redis. Time passes by setting what is stored back.</summary>
[Collection(RedisCollection.Name)]
public sealed class RedisShardStoreTests(RedisBackEnd backEnd) : ShardStoreContract, IAsyncDisposable
{
    private readonly HashSet<string> _applications = [];
    private readonly ConnectionMultiplexer _connection = ConnectionMultiplexer.Connect($"127.0.0.1:{backEnd.Server.Port}");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task No_shard_has_two_owners_when_hosts_race()
    {
        var application = Guid.NewGuid().ToString();
        await new ConcurrentHosts(() => CreateStore(application, 0), TimeSpan.FromMilliseconds(400))
            .RunAsync(takes: 300, losses: 20);
    }

    protected override TimeSpan Lease => TimeSpan.FromMinutes(5);

    protected override IShardStore CreateStore(string application, int client)
    {
        _applications.Add(application);
        return ShardTimes.CreateRedis(_connection, application);
    }

    protected override async Task AdvanceAsync(TimeSpan time)
    {
        foreach (var application in _applications)
            await ShardTimes.SetBackAsync(_connection, application, time);
    }
}
