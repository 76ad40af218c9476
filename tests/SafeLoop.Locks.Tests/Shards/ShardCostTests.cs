using LocalServers;
using Npgsql;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>What a lease costs the server, with the progress of 1,000 shards.</summary>
public sealed class ShardCostTests(ITestOutputHelper output)
{
    private const int Renewals = 400;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task PostgreSQL_writes_a_renewal_once_and_its_table_does_not_grow()
    {
        using var server = new PostgresServer();
        server.Start();
        await using var database = NpgsqlDataSource.Create(server.ConnectionString());
        var hosts = await JoinAsync(new PostgresShardStore(database, "cost"));
        await ScalarAsync(database, "CHECKPOINT; SELECT 0::bigint");
        var before = await ScalarAsync(database, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint");
        await RenewAsync(hosts);

        var written = (await ScalarAsync(database, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint") - before) / Renewals;
        var size = await ScalarAsync(database, "SELECT pg_total_relation_size('safeloop_leases')");
        output.WriteLine($"{written} bytes of WAL for a renewal with 3,000 bytes, {size / hosts.Length} bytes for a lease");
        Assert.InRange(written, 3_000, 4_000);
        Assert.InRange(size / hosts.Length, 3_000, 40_000);
    }

    [Fact]
    public async Task Redis_keeps_a_lease_in_little_more_than_its_progress()
    {
        using var server = new RedisServer();
        server.Start();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
        var hosts = await JoinAsync(ShardTimes.CreateRedis(connection, "cost"));
        var before = await InfoAsync("persistence", "aof_current_size");
        await RenewAsync(hosts);

        var written = (await InfoAsync("persistence", "aof_current_size") - before) / Renewals;
        var size = 0L;
        foreach (var name in new[] { "expiry", "leases", "details", "progress" })
        {
            size += (long)await connection.GetDatabase().ExecuteAsync(
                "MEMORY", "USAGE", $"{{safeloop:shards:cost}}:{name}", "SAMPLES", "0");
        }
        output.WriteLine($"{written} bytes of the file for a renewal with 3,000 bytes, {size / hosts.Length} bytes for a lease");
        Assert.InRange(written, 4_000, 5_000);
        Assert.InRange(size / hosts.Length, 4_000, 6_000);

        async Task<long> InfoAsync(string section, string name) =>
            long.Parse((await connection.GetServers()[0].InfoAsync(section)).Single().Single(pair => pair.Key == name).Value);
    }

    private static async Task<ShardHost[]> JoinAsync(IShardStore store)
    {
        var hosts = new ShardHost[10];
        for (var n = 0; n < hosts.Length; n++)
            hosts[n] = await ShardHost.JoinAsync(store, Length);
        return hosts;
    }

    private static async Task RenewAsync(ShardHost[] hosts)
    {
        var (random, progress) = (new Random(1), new byte[3_000]);
        for (var n = 0; n < Renewals; n++)
        {
            random.NextBytes(progress);
            Assert.True(await hosts[n % hosts.Length].RenewAsync(progress));
        }
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        do
        {
            if (await rows.ReadAsync())
                return rows.GetInt64(0);
        }
        while (await rows.NextResultAsync());
        throw new InvalidOperationException($"No row: {sql}");
    }
}
