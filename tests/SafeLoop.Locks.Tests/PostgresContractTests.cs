using LocalServers;
using Npgsql;
using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

[Collection(PostgresCollection.Name)]
public class PostgresContractTests(PostgresBackEnd backEnd) : BackEndContract(backEnd)
{
    private static readonly DateTimeOffset Slot = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_tables_are_created_when_they_are_missing_also_by_many_at_once()
    {
        await using var database = await NewDatabaseAsync("created");
        var store = new PostgresFenceStore(database);
        Assert.False(await store.IsLastAsync("name", 1, default)); // before any lock was acquired
        Assert.Equal(0, await store.LastAsync("name", default));

        var fences = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.NextAsync("name", "task", default).AsTask()));
        Assert.Equal(20, fences.Select(fence => fence.Token).Distinct().Count());
        Assert.Equal(fences.Max(fence => fence.Token), await store.LastAsync("name", default));
        Assert.True(await store.RecordAsync("name", "task", fences.Max(fence => fence.Token), Slot, default));
        Assert.Equal(Slot, (await store.NextAsync("name", "task", default)).LastSlot);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_longest_names_a_task_may_have_are_taken(bool isLong)
    {
        await using var database = await NewDatabaseAsync(isLong ? "longest" : "escaped");
        var store = new PostgresFenceStore(database);
        var random = new Random(7);
        string name = isLong ? Text() : LockNames.ForKey("a", "b/c"), task = isLong ? Text() : "task";

        var fence = await store.NextAsync(name, task, default);
        Assert.True(await store.RecordAsync(name, task, fence.Token, Slot, default));
        Assert.Equal(Slot, (await store.NextAsync(name, task, default)).LastSlot);

        // Letters that cannot be compressed, of which an index takes the fewest.
        string Text() => new([.. Enumerable.Range(0, 1024).Select(_ => (char)random.Next('!', '~'))]);
    }

    [Fact]
    public async Task A_number_grows_although_the_database_has_forgotten_the_last_one()
    {
        await using var database = await NewDatabaseAsync("restored");
        var store = new PostgresFenceStore(database);
        var before = await store.NextAsync("name", null, default);
        await ExecuteAsync(database, "DELETE FROM safeloop_fences");

        Assert.True((await store.NextAsync("name", null, default)).Token > before.Token);
    }

    [Fact]
    public async Task Numbers_grow_although_a_crash_has_lost_the_last_ones_and_those_ahead_of_the_clock_are_not_lost()
    {
        using var server = new PostgresServer();
        server.Start();
        await using var database = NpgsqlDataSource.Create(server.ConnectionString());
        var store = new PostgresFenceStore(database);
        var early = await store.NextAsync("clock", null, default);
        await LetCrashesComeJustBeforeTheDiskAsync(database);
        // The clock was set back by an hour.
        await ExecuteAsync(
            database, "INSERT INTO safeloop_fences VALUES ('ahead', (SELECT token + 3600000000 FROM safeloop_fences))");

        var ahead = await store.NextAsync("ahead", null, default);
        var clock = await store.NextAsync("clock", null, default);
        server.Kill();
        server.Start();
        database.Clear();

        Assert.True((await store.NextAsync("ahead", null, default)).Token > ahead.Token);
        Assert.True((await store.NextAsync("clock", null, default)).Token > clock.Token);
        Assert.InRange(clock.Token - early.Token, 1, (long)TimeSpan.FromHours(1).TotalMicroseconds);
    }

    [Fact]
    public async Task A_session_that_asks_for_more_than_the_default_loses_no_number_in_a_crash()
    {
        using var server = new PostgresServer();
        server.Start();
        await using var database =
            NpgsqlDataSource.Create(server.ConnectionString() + ";Options=-c synchronous_commit=remote_apply");
        var store = new PostgresFenceStore(database);
        await store.NextAsync("name", null, default);
        await LetCrashesComeJustBeforeTheDiskAsync(database);

        var last = await store.NextAsync("name", null, default);
        server.Kill();
        server.Start();
        database.Clear();
        Assert.True(await store.IsLastAsync("name", last.Token, default));
    }

    [Fact]
    public async Task A_holder_that_comes_while_its_predecessor_records_a_slot_learns_that_slot()
    {
        await using var database = await NewDatabaseAsync("recording");
        var store = new PostgresFenceStore(database);
        var before = await store.NextAsync("name", "task", default);
        await using var recording = await database.OpenConnectionAsync();
        await using var transaction = await recording.BeginTransactionAsync();
        await ExecuteAsync(recording, $"SELECT FROM safeloop_fences WHERE lock = 'name' AND token = {before.Token} FOR SHARE");
        await ExecuteAsync(recording, $"INSERT INTO safeloop_slots VALUES ('name', 'task', '{Slot:O}', {before.Token})");

        var next = store.NextAsync("name", "task", default).AsTask();
        await WaitUntilAsync(database, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND "
            + "wait_event_type = 'Lock')");
        await transaction.CommitAsync();

        Assert.Equal(Slot, (await next).LastSlot);
    }

    [Fact]
    public async Task Other_writes_of_the_session_keep_its_durability_setting()
    {
        await using var database = NpgsqlDataSource.Create(
            ((PostgresServer)backEnd.Server).ConnectionString() + ";Maximum Pool Size=1;No Reset On Close=true");
        await new PostgresFenceStore(database).NextAsync("name", null, default);

        await using var command = database.CreateCommand("SHOW synchronous_commit");
        Assert.Equal("on", await command.ExecuteScalarAsync());
    }

    private static async Task LetCrashesComeJustBeforeTheDiskAsync(NpgsqlDataSource database)
    {
        await ExecuteAsync(database, "ALTER SYSTEM SET wal_writer_delay = '10s'");
        await ExecuteAsync(database, "SELECT pg_reload_conf()");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task WaitUntilAsync(NpgsqlDataSource database, string condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var command = database.CreateCommand(condition);
        while (await command.ExecuteScalarAsync() is not true)
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ThreadedLoopHost.Patience, condition);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlDataSource> NewDatabaseAsync(string name)
    {
        var server = ((PostgresServer)backEnd.Server).ConnectionString();
        await using var admin = NpgsqlDataSource.Create(server);
        await ExecuteAsync(admin, $"CREATE DATABASE {name}");
        return NpgsqlDataSource.Create(server + ";Database=" + name);
    }
}
