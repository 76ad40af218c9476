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

    /// <summary>Creates a role that needs a password. The other roles need none.</summary>
    public void RequirePassword(string role, string password)
    {
        Execute($"""
            CREATE ROLE {role} LOGIN PASSWORD '{password}';
            DO $$ BEGIN EXECUTE format(
                'COPY (VALUES (''host all {role} 127.0.0.1/32 scram-sha-256''), (''host all all 127.0.0.1/32 trust'')) TO %L',
                current_setting('hba_file')); END $$;
            SELECT pg_reload_conf();
            """);
        while (Connects($"Username={role};Password=not {password}")) // the server reads the file a moment later
            ;
    }

    private bool Connects(string settings)
    {
        try
        {
            using var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=false;{settings}");
            connection.Open();
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(Server.ConnectionString())
    {
        Database = database,
        MaxPoolSize = 40,
    }.ConnectionString;

    public void Dispose() => Server.Dispose();
}
