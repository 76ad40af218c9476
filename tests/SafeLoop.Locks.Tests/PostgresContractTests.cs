using LocalServers;
using Npgsql;

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
        Assert.False(await store.IsLastAsync("name", 1, default)); // somebody asks before anybody has held a lock

        var fences = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.NextAsync("name", "task", default).AsTask()));
        Assert.Equal(20, fences.Select(fence => fence.Token).Distinct().Count());
        Assert.True(await store.RecordAsync("name", "task", fences.Max(fence => fence.Token), Slot, default));
        Assert.Equal(Slot, (await store.NextAsync("name", "task", default)).LastSlot);
    }

    [Fact]
    public async Task A_number_grows_although_the_database_has_forgotten_the_last_one()
    {
        await using var database = await NewDatabaseAsync("restored");
        var store = new PostgresFenceStore(database);
        var before = await store.NextAsync("name", null, default);
        await using (var restore = database.CreateCommand("DELETE FROM safeloop_fences"))
            await restore.ExecuteNonQueryAsync();

        Assert.True((await store.NextAsync("name", null, default)).Token > before.Token);
    }

    private async Task<NpgsqlDataSource> NewDatabaseAsync(string name)
    {
        var server = ((PostgresServer)backEnd.Server).ConnectionString();
        await using var admin = NpgsqlDataSource.Create(server);
        await using var create = admin.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return NpgsqlDataSource.Create(server + ";Database=" + name);
    }
}
