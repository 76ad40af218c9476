using LocalServers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SafeLoop.Store.Databases;

/// <summary>A database of a server of its own.</summary>
internal sealed class Postgres : IDatabase
{
    public Postgres() => Server.Start();

    public PostgresServer Server { get; } = new();

    public void Use(DbContextOptionsBuilder options) => options.UseNpgsql(Server.ConnectionString());

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync())!; // DBNull for null
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Server.ConnectionString());
        await connection.OpenAsync();
        return connection;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        Server.Dispose();
    }
}
