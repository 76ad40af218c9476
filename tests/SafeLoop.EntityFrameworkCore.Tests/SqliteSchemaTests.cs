using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class SqliteSchemaTests() : SchemaContract(new SqliteDatabase())
{
    private SqliteDatabase File => (SqliteDatabase)Database;

    [Fact]
    public async Task A_damaged_file_is_a_sentence()
    {
        await System.IO.File.WriteAllTextAsync(File.File, string.Concat(Enumerable.Repeat("no database ", 1000)));

        Assert.Equal(
            $"The database of recurring tasks ({File.File}) has failed: SQLite Error 26: 'file is not a database'. "
            + "The file is damaged or no SQLite database: restore it from a backup, or move it away.",
            await Database.CreateStore().FailAsync());
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_a_sentence()
    {
        await Database.CreateStore().ConnectAsync();
        var store = Database.Create(services => services.AddRecurringTaskStore(
            db => db.UseSqlite(File.ConnectionString + ";Mode=ReadOnly")));

        Assert.Equal(
            $"The database of recurring tasks ({File.File}) has failed: SQLite Error 8: 'attempt to write a readonly database'. "
            + "Give this process the right to write the file and its folder, and open it without Mode=ReadOnly.",
            await store.FailAsync());
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_a_sentence()
    {
        var file = Path.Combine(File.File + "-none", "safeloop.db");
        var store = Database.Create(services => services.AddRecurringTaskStore(db => db.UseSqlite($"Data Source={file}")));

        Assert.Equal(
            $"The database of recurring tasks ({file}) has failed: SQLite Error 14: 'unable to open database file'. "
            + "Create the folder of the file, or correct the path in the connection string.",
            await store.FailAsync());
    }

    [Fact]
    public async Task A_full_disk_is_a_sentence_and_saves_nothing_or_all()
    {
        var store = Database.Create(services => services.AddRecurringTaskStore(
            db => db.UseSqlite(File.ConnectionString + ";Default Timeout=60")
                .AddInterceptors(new SqlitePragma("max_page_count = 60"))));
        var instance = await store.ConnectAsync();
        var batch = new StoreBatch
        {
            Instance = instance,
            Number = 1,
            History = [.. Enumerable.Range(0, 5_000).Select(n => Calls.Entry(instance, Calls.Slot.AddMinutes(n)))],
        };
        var error = await Assert.ThrowsAsync<StoreFailureException>(() => store.SaveAsync(batch, default).AsTask());

        Assert.EndsWith(
            "SQLite Error 13: 'database or disk is full'. Free some space on the disk, or raise max_page_count.", error.Message,
            StringComparison.Ordinal);
        Assert.Empty((await store.QueryAsync(new(), default)).Entries);
        var other = Database.CreateStore(); // without the limit, in a pool of its own
        await other.SaveAsync(batch, default);
        await other.SaveAsync(batch, default);
        Assert.Equal(5_000, await Database.ReadAsync(db => db.Set<HistoryRow>().CountAsync()));
    }

    [Fact]
    public async Task An_open_connection_is_refused_because_it_cannot_be_shared()
    {
        using var connection = new SqliteConnection(File.ConnectionString);
        var store = Database.Create(services => services.AddRecurringTaskStore(db => db.UseSqlite(connection)));

        Assert.StartsWith(
            "AddRecurringTaskStore cannot share one open DbConnection", (await store.RefuseAsync()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_not_relational_is_refused()
    {
        var store = Database.Create(services => services.AddRecurringTaskStore(db => db.UseInMemoryDatabase("none")));

        Assert.StartsWith(
            "AddRecurringTaskStore needs a relational database", (await store.RefuseAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MySql.EntityFrameworkCore")]
    [InlineData("Pomelo.EntityFrameworkCore.MySql")]
    [InlineData("Some.MariaDB.Provider")]
    public void MySql_and_MariaDb_are_refused_with_a_sentence(string provider)
    {
        var error = Assert.Throws<IncompatibleStoreException>(() => StoreDatabaseFactory.CheckDatabase(provider));

        Assert.Equal(
            $"AddRecurringTaskStore does not support MySQL and MariaDB ('{provider}'): no provider for EF Core 10 passes the "
            + "tests of a store. Use SQLite, PostgreSQL or SQL Server.", error.Message);
    }

    protected override void Register(IServiceCollection services, string prefix) =>
        services.AddRecurringTaskStore(Database.Use, prefix: prefix);
}
