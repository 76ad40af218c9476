using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class SqliteOutageTests() : OutageContract(new SqliteDatabase())
{
    private SqliteDatabase Sqlite => (SqliteDatabase)Database;

    [Fact]
    public async Task A_damaged_file_is_replaced_by_a_new_one_when_it_was_moved_away()
    {
        await File.WriteAllTextAsync(Sqlite.File, string.Concat(Enumerable.Repeat("no database ", 1000)));
        await using var host = await OutageHost.StartAsync(Database.Use);

        await BeginsLaterAsync(
            host,
            $"The database of recurring tasks ({Sqlite.File}) has failed: SQLite Error 26: 'file is not a database'. "
            + "The file is damaged or no SQLite database: restore it from a backup, or move it away",
            () =>
            {
                using var pooled = new SqliteConnection(Sqlite.ConnectionString);
                SqliteConnection.ClearPool(pooled);
                File.Delete(Sqlite.File);
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task Options_that_cannot_be_made_at_first_are_made_again()
    {
        var hasSecret = false;
        await using var host = await OutageHost.StartAsync(db =>
        {
            if (!hasSecret)
                throw new InvalidOperationException("The secret 'database' cannot be read.");
            Database.Use(db);
        });

        await BeginsLaterAsync(host, "The secret 'database' cannot be read", () => Task.FromResult(hasSecret = true));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_any_more_loses_nothing()
    {
        var pragma = new PragmaAtOpen("query_only = 0");
        await using var host = await StartAsync(pragma);

        await FailsMeanwhileAsync(
            host,
            "SQLite Error 8: 'attempt to write a readonly database'. "
            + "Give this process the right to write the file and its folder",
            () => SetAsync(pragma, "query_only = 1"),
            () => SetAsync(pragma, "query_only = 0"));
    }

    [Fact]
    public async Task A_disk_that_fills_up_loses_nothing()
    {
        var pragma = new PragmaAtOpen("max_page_count = 1000000");
        await using var host = await StartAsync(pragma);

        await FailsMeanwhileAsync(
            host,
            "SQLite Error 13: 'database or disk is full'. Free some space on the disk, or raise max_page_count",
            () => SetAsync(pragma, "max_page_count = 1"), // as many as there are
            () => SetAsync(pragma, "max_page_count = 1000000"),
            canClaim: true);
    }

    private Task<OutageHost> StartAsync(PragmaAtOpen pragma) =>
        OutageHost.StartAsync(db => db.UseSqlite(Sqlite.ConnectionString).AddInterceptors(pragma));

    private static Task SetAsync(PragmaAtOpen pragma, string value)
    {
        pragma.Pragma = value;
        return Task.CompletedTask;
    }
}
