using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SafeLoop.Store.Tool;

/// <summary>Recognizes the database by its connection string, and keeps SQLite from creating an empty file.</summary>
internal static class StoreConnection
{
    private const int ConnectSeconds = 10;

    private static readonly string[] OfSqlite = ["Data Source", "DataSource", "Filename"];

    private static readonly string[] OfPostgres = ["Host", "Server"];

    private static readonly string[] OfSqlServer =
        ["Initial Catalog", "Integrated Security", "Trusted_Connection", "TrustServerCertificate", "User Id"];

    /// <returns>What configures the context.</returns>
    /// <exception cref="ToolException">The connection string cannot be read. The sentence does not repeat it.</exception>
    public static Action<DbContextOptionsBuilder> Read(string text)
    {
        try
        {
            var keys = new DbConnectionStringBuilder { ConnectionString = text };
            if (OfPostgres.Any(keys.ContainsKey) && !OfSqlServer[..^1].Any(keys.ContainsKey))
                return Postgres(text);
            if (OfSqlite.Any(keys.ContainsKey) && !OfSqlServer.Any(keys.ContainsKey))
                return Sqlite(text);
        }
        catch (ArgumentException error)
        {
            throw Unreadable(error);
        }
        throw Unreadable(null);
    }

    private static Action<DbContextOptionsBuilder> Postgres(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder(text);
        settings.ApplicationName ??= "safeloop-store";
        settings.Timeout = Math.Min(settings.Timeout, ConnectSeconds);
        return db => db.UseNpgsql(settings.ConnectionString);
    }

    private static Action<DbContextOptionsBuilder> Sqlite(string text)
    {
        var settings = new SqliteConnectionStringBuilder(text);
        if (settings.Mode is SqliteOpenMode.ReadWriteCreate)
        {
            if (!File.Exists(settings.DataSource))
                throw new ToolException(TaskExitCode.Failed,
                    $"There is no file '{settings.DataSource}'. Correct the Data Source of --store.");
            settings.Mode = SqliteOpenMode.ReadWrite;
        }
        return db => db.UseSqlite(settings.ConnectionString);
    }

    private static ToolException Unreadable(Exception? cause) => new(TaskExitCode.Usage,
        "--store is no connection string of SQLite ('Data Source=safeloop.db') or PostgreSQL "
        + "('Host=db;Database=app;Username=app;Password=…'). For other databases, use safeloop --url.", cause);
}
