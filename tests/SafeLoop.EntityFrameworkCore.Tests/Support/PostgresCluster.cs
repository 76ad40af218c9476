using LocalServers;
using Npgsql;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A PostgreSQL server for all tests of the collection. Each test has a database of its own.</summary>
public sealed class PostgresCluster : IDisposable
{
    private int _databases;
    private string? _shared;

    public PostgresCluster() => Server.Start();

    public PostgresServer Server { get; } = new();

    /// <summary>A database that tests share, each with an application of its own.</summary>
    public PostgresDatabase UseSharedDatabase()
    {
        _shared ??= CreateDatabaseName();
        return new(this, _shared);
    }

    public PostgresDatabase CreateDatabase() => new(this, CreateDatabaseName());

    private string CreateDatabaseName()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        Execute($"CREATE DATABASE {name}");
        return name;
    }

    public void Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(Server.ConnectionString())
    {
        Database = database,
        MaxPoolSize = 40,
    }.ConnectionString;

    public void Dispose() => Server.Dispose();
}
