using LocalServers;
using Npgsql;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>The contract of shard stores on PostgreSQL. Time passes by setting what is stored back.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresShardStoreTests(PostgresBackEnd backEnd) : ShardStoreContract, IAsyncDisposable
{
    private readonly NpgsqlDataSource _database =
        NpgsqlDataSource.Create(((PostgresServer)backEnd.Server).ConnectionString());

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task No_shard_has_two_owners_when_hosts_race()
    {
        var application = Guid.NewGuid().ToString();
        await new ConcurrentHosts(() => CreateStore(application, 0), TimeSpan.FromMilliseconds(400))
            .RunAsync(takes: 300, losses: 20);
    }

    protected override TimeSpan Lease => TimeSpan.FromMinutes(5);

    protected override IShardStore CreateStore(string application, int client) => new PostgresShardStore(_database, application);

    protected override Task AdvanceAsync(TimeSpan time) => ShardTimes.SetBackAsync(_database, time);
}
