using LocalServers;
using Npgsql;
using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>What a shard store on PostgreSQL does when its server or a session fails.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresShardFaultTests(PostgresBackEnd backEnd)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10), Short = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_crash_of_the_server_loses_no_renewal_no_take_and_no_gift(string synchronousCommit)
    {
        using var server = new PostgresServer(durable: true);
        server.Start();
        await using var database = NpgsqlDataSource.Create(
            server.ConnectionString() + $";Options=-c synchronous_commit={synchronousCommit}");
        var store = new PostgresShardStore(database, "crash");
        var (one, other) = (await ShardHost.JoinAsync(store, Long), await ShardHost.JoinAsync(store, Long));
        await PassAsync(database, Long * 0.6, one, other);
        await PassAsync(database, Long * 0.6, one, other);
        await ExecuteAsync(database, "ALTER SYSTEM SET wal_writer_delay = '10s'");
        await ExecuteAsync(database, "SELECT pg_reload_conf()");

        var epoch = await one.TakeAsync(0);
        Assert.NotNull(epoch);
        Restart(server, database);
        Assert.Equal(one.Lease, (await one.ReadAsync())!.Lease);
        Assert.True(await one.RenewAsync([7])); // a crash ends no lease
        Restart(server, database);
        Assert.Null(await other.TakeAsync(epoch.Value));
        await PassAsync(database, Long * 0.6, other);
        await PassAsync(database, Long * 0.6, other);
        Assert.Equal([7], (await other.ReadAsync())!.Progress);
        var next = await other.TakeAsync(epoch.Value);
        Assert.True(next > epoch);
        Assert.True(await other.GiveAsync(next.Value));
        Restart(server, database);
        Assert.Equal((next.Value, 0), (await other.ReadAsync()) is { } read ? (read.Epoch, read.Lease) : default);
    }

    [Fact]
    public async Task No_shard_has_two_owners_when_the_server_crashes_again_and_again()
    {
        using var server = new PostgresServer();
        server.Start();
        await using var database = NpgsqlDataSource.Create(server.ConnectionString());
        await new ConcurrentHosts(
            () => new PostgresShardStore(database, "crashes"), TimeSpan.FromSeconds(3), error => error is NpgsqlException)
            .RunWithCrashesAsync(server, crashes: 3, takesBetween: 40);
    }

    [Fact]
    public async Task After_the_recovery_of_a_backup_all_leases_end_and_no_shard_is_taken_until_the_longest_has_passed()
    {
        using var server = new PostgresServer();
        server.Start();
        await using var database = NpgsqlDataSource.Create(server.ConnectionString());
        var store = new PostgresShardStore(database, "recovered");
        var before = await ShardHost.JoinAsync(store, Long);
        await PassAsync(database, Long * 0.6, before);
        await PassAsync(database, Long * 0.6, before);
        var epoch = await before.TakeAsync(0);
        Assert.True(await before.RenewAsync([7]));

        // The server recovers from its archive, which has nothing more, and begins a new timeline.
        await ExecuteAsync(database, "ALTER SYSTEM SET restore_command = 'false'");
        await using (var command = database.CreateCommand("SHOW data_directory"))
            await File.WriteAllTextAsync(Path.Combine((string)(await command.ExecuteScalarAsync())!, "recovery.signal"), "");
        server.Stop();
        server.Start();
        database.Clear();

        Assert.False(await before.RenewAsync());
        Assert.Null(await before.TakeAsync(epoch!.Value));
        var joined = await ShardHost.TryJoinAsync(store, TimeSpan.FromMinutes(1));
        Assert.InRange(joined.Wait, Long * 0.9, Long);
        var after = new ShardHost(store, joined.Lease);
        Assert.Null(await after.TakeAsync(epoch.Value));
        for (var n = 0; n < 11; n++)
        {
            Assert.Null(await after.TakeAsync(epoch.Value));
            await PassAsync(database, TimeSpan.FromSeconds(55), after);
        }
        Assert.Equal([7], (await after.ReadAsync())!.Progress);
        Assert.True(await after.TakeAsync(epoch.Value) > epoch);
    }

    [Fact]
    public async Task After_the_tables_were_restored_all_leases_end()
    {
        await using var database = await NewDatabaseAsync("shards_restored");
        var store = new PostgresShardStore(database, "dump");
        var before = await ShardHost.JoinAsync(store, Long);
        await ExecuteAsync(database, "CREATE TABLE copy AS SELECT * FROM safeloop_shards; DROP TABLE safeloop_shards; "
            + "ALTER TABLE copy RENAME TO safeloop_shards; "
            + "ALTER TABLE safeloop_shards ADD PRIMARY KEY (application, task, index)");
        Assert.False(await before.RenewAsync());
        Assert.InRange((await ShardHost.TryJoinAsync(store, Short)).Wait, Long * 0.9, Long);
    }

    [Fact]
    public async Task A_shard_is_not_taken_while_a_renewal_of_its_owner_is_not_committed()
    {
        await using var database = await NewDatabaseAsync("shards_in_flight");
        var store = new PostgresShardStore(database, "flight");
        var (owner, other) = (await ShardHost.JoinAsync(store, Long), await ShardHost.JoinAsync(store, Long));
        await PassAsync(database, Long * 0.6, owner, other);
        await PassAsync(database, Long * 0.6, owner, other);
        var epoch = await owner.TakeAsync(0);
        await ExecuteAsync(database, $"UPDATE safeloop_leases SET expires = clock_timestamp() WHERE lease = {owner.Lease}");

        // It was asked for in time, and its commit is slow.
        await using var renewing = await database.OpenConnectionAsync();
        await using var transaction = await renewing.BeginTransactionAsync();
        await ExecuteAsync(renewing, $"UPDATE safeloop_leases SET expires = expires + length WHERE lease = {owner.Lease}");
        Assert.Null(await other.TakeAsync(epoch!.Value)); // and the take does not wait
        await transaction.CommitAsync();
        Assert.Null(await other.TakeAsync(epoch.Value));
        Assert.True(await owner.RenewAsync());
    }

    [Fact]
    public async Task A_renewal_that_has_waited_until_its_lease_has_expired_is_refused()
    {
        await using var database = await NewDatabaseAsync("shards_waited");
        var store = new PostgresShardStore(database, "waited");
        var owner = await ShardHost.JoinAsync(store, Short);
        await using var taking = await database.OpenConnectionAsync();
        await using var transaction = await taking.BeginTransactionAsync();
        await ExecuteAsync(taking, $"SELECT FROM safeloop_leases WHERE lease = {owner.Lease} FOR SHARE");

        var renewal = owner.RenewAsync();
        await WaitUntilAsync(database, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND "
            + "wait_event_type = 'Lock')");
        await WaitUntilAsync(database, "SELECT bool_and(expires < clock_timestamp()) FROM safeloop_leases");
        await transaction.CommitAsync();
        Assert.False(await renewal);
    }

    [Fact]
    public async Task A_batch_of_shards_waits_for_no_other_batch()
    {
        await using var database = await NewDatabaseAsync("shards_locked");
        var store = new PostgresShardStore(database, "locked");
        var (one, other) = (await ShardHost.JoinAsync(store, Long), await ShardHost.JoinAsync(store, Long));
        await PassAsync(database, Long * 0.6, one, other);
        await PassAsync(database, Long * 0.6, one, other);
        var epoch = await one.TakeAsync(0);
        Assert.True(await one.GiveAsync(epoch!.Value));

        await using var taking = await database.OpenConnectionAsync();
        await using var transaction = await taking.BeginTransactionAsync();
        await ExecuteAsync(taking, "SELECT FROM safeloop_shards FOR UPDATE");
        Assert.Null(await other.TakeAsync(epoch.Value));
        await transaction.CommitAsync();
        Assert.NotNull(await other.TakeAsync(epoch.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GRANT SELECT, INSERT, UPDATE, DELETE ON safeloop_clusters, safeloop_leases TO plain")]
    [InlineData("GRANT SELECT, INSERT, UPDATE, DELETE ON safeloop_clusters, safeloop_leases TO plain; "
        + "GRANT SELECT, INSERT ON safeloop_shards TO plain")]
    public async Task A_role_without_all_rights_gets_a_sentence_when_it_joins(string grants)
    {
        await using var database = await NewDatabaseAsync("shards_rights");
        try
        {
            await ExecuteAsync(database, "CREATE ROLE plain LOGIN");
            if (grants.Length > 0)
                await ExecuteAsync(database, PostgresShardStore.Schema + grants);
            await using var plain = NpgsqlDataSource.Create(
                ((PostgresServer)backEnd.Server).ConnectionString() + ";Database=shards_rights;Username=plain");

            var error = await Assert.ThrowsAsync<InvalidOperationException>(
                () => ShardHost.JoinAsync(new PostgresShardStore(plain, "rights"), Long));
            Assert.StartsWith(
                "The role of the shard store has not all rights it needs in PostgreSQL. Run PostgresShardStore.Schema",
                error.Message);

            await ExecuteAsync(database, PostgresShardStore.Schema
                + "GRANT SELECT, INSERT, UPDATE, DELETE ON safeloop_clusters, safeloop_leases, safeloop_shards TO plain");
            var host = await ShardHost.JoinAsync(new PostgresShardStore(plain, "rights"), Long);
            await PassAsync(database, Long * 0.6, host);
            await PassAsync(database, Long * 0.6, host);
            Assert.NotNull(await host.TakeAsync(0));
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync(database, "DROP OWNED BY plain; DROP ROLE plain");
        }
    }

    [Fact]
    public async Task The_tables_are_created_by_many_hosts_at_once_and_one_cluster_wins()
    {
        await using var database = await NewDatabaseAsync("shards_created");
        var joined = await Task.WhenAll(Enumerable.Range(0, 16).Select(host => Task.Run(
            () => new PostgresShardStore(database, "created").JoinAsync(
                new() { Cluster = $"c{host % 2}", ShardCount = 8, Name = "host", Details = "", Length = Long }, default)
                .AsTask())));
        Assert.Single(joined.Select(result => result.Cluster).Distinct());
        Assert.Equal(8, joined.Count(result => result.Lease > 0));
        Assert.Equal(8, joined.Where(result => result.Lease > 0).Select(result => result.Lease).Distinct().Count());
    }

    private static void Restart(PostgresServer server, NpgsqlDataSource database)
    {
        server.Kill();
        server.Start();
        database.Clear();
    }

    private static async Task PassAsync(NpgsqlDataSource database, TimeSpan time, params ShardHost[] renewing)
    {
        await ShardTimes.SetBackAsync(database, time);
        foreach (var host in renewing)
            Assert.True(await host.RenewAsync());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task WaitUntilAsync(NpgsqlDataSource database, string condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var command = database.CreateCommand(condition);
        while (await command.ExecuteScalarAsync() is not true)
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ThreadedLoopHost.Patience, condition);
    }

    private async Task<NpgsqlDataSource> NewDatabaseAsync(string name)
    {
        var server = ((PostgresServer)backEnd.Server).ConnectionString();
        await using var admin = NpgsqlDataSource.Create(server);
        await ExecuteAsync(admin, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await ExecuteAsync(admin, $"CREATE DATABASE {name}");
        return NpgsqlDataSource.Create(server + ";Database=" + name);
    }
}
