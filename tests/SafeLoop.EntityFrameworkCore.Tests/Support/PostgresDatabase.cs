using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A database of a real PostgreSQL server.</summary>
public sealed class PostgresDatabase(PostgresCluster cluster, string name) : TestDatabase
{
    public string ConnectionString => cluster.ConnectionString(name);

    public override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(ConnectionString);

    public void Execute(string sql) => cluster.Execute(sql, name);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }
}
