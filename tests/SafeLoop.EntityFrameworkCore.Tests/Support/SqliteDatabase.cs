using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A file in a folder of its own.</summary>
public sealed class SqliteDatabase : TestDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-sqlite-").FullName;

    public string File => Path.Combine(_folder, "safeloop.db");

    public string ConnectionString => $"Data Source={File}";

    public override void Use(DbContextOptionsBuilder options) => options.UseSqlite(ConnectionString);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using (var connection = new SqliteConnection(ConnectionString))
            SqliteConnection.ClearPool(connection);
        Directory.Delete(_folder, recursive: true);
    }
}
