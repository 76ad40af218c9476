using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.Store.Databases;

internal sealed class SqliteFile : IDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-store-").FullName;

    private string ConnectionString => $"Data Source={Path.Combine(_folder, "store.db")}";

    public void Use(DbContextOptionsBuilder options) => options.UseSqlite(ConnectionString);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
