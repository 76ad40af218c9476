using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A database of a real PostgreSQL server.</summary>
public sealed class PostgresDatabase(PostgresCluster cluster, string name) : TestDatabase
{
    public string ConnectionString => cluster.ConnectionString(name);

    public override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(ConnectionString);

    /// <summary>Runs a query and returns its plan, with the pages that it read.</summary>
    public Task<string> ExplainAsync(Func<DbContext, IQueryable> query) => ReadAsync(async db =>
    {
        await using var command = query(db).CreateDbCommand();
        command.CommandText = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) " + command.CommandText;
        await db.Database.OpenConnectionAsync();
        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
            plan.Add(rows.GetString(0));
        return string.Join('\n', plan);
    });

    public void Execute(string sql) => cluster.Execute(sql, name);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }
}
