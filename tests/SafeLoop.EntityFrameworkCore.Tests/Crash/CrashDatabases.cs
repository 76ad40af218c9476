using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Databases for campaigns: a file, or a server that is started with the first.</summary>
internal sealed class CrashDatabases : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly Lazy<PostgresCluster> _cluster = new();

    public async Task<CrashDatabase> CreateAsync(string kind)
    {
        TestDatabase database = kind == "sqlite" ? new SqliteDatabase() : _cluster.Value.CreateDatabase();
        _owned.Add(database);
        var crash = await CreateAsync(database);
        _owned.Add(crash);
        return crash;
    }

    /// <summary>The connection string of a new database, for processes.</summary>
    public string CreateConnectionString(string kind)
    {
        if (kind != "sqlite")
            return _cluster.Value.CreateDatabase().ConnectionString;
        var file = new SqliteDatabase();
        _owned.Add(file);
        return file.ConnectionString;
    }

    public static async Task<CrashDatabase> CreateAsync(TestDatabase database)
    {
        var crash = new CrashDatabase(options =>
        {
            database.Use(options);
            if (database is SqliteDatabase)
                options.AddInterceptors(new SqlitePragma("synchronous = OFF")); // processes are killed here, machines are not
        });
        await crash.CreateTablesAsync();
        return crash;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        if (_cluster.IsValueCreated)
            _cluster.Value.Dispose();
    }
}
