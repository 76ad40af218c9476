using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The few statements that each database writes in its own way. All others are made by EF Core.</summary>
internal sealed record Dialect
{
    private static readonly Dialect Other = new();

    private static readonly Dialect Sqlite = new()
    {
        Now = "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS \"Value\"",
        HasTable = "SELECT count(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = {0}",
        HasUnquotedNames = true,
        Prepare = "PRAGMA journal_mode = 'wal'",
    };

    private static readonly Dialect Postgres = new()
    {
        Now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS \"Value\"",
        HasTable = "SELECT (to_regclass({0}) IS NOT NULL)::int::bigint AS \"Value\"",
        CanInfer = true,
        Lock = "SELECT pg_advisory_xact_lock(8314038972899618672)", // "safeloop" as a number
    };

    private static readonly Dialect SqlServer = new()
    {
        Now = "SELECT DATEDIFF_BIG(MICROSECOND, '1970-01-01', SYSUTCDATETIME()) AS [Value]",
        HasTable = "SELECT CAST(CASE WHEN OBJECT_ID({0}) IS NULL THEN 0 ELSE 1 END AS bigint) AS [Value]",
        Lock = "EXEC sp_getapplock @Resource = 'safeloop', @LockMode = 'Exclusive', @LockOwner = 'Transaction'",
    };

    private Dialect()
    {
    }

    /// <summary>Reads the database's clock in microseconds; null: the provider translates the time of .NET.</summary>
    public string? Now { get; private init; }

    /// <summary>
    /// Makes concurrent creators of the tables wait until the end of the transaction; null: the transaction itself does.
    /// </summary>
    public string? Lock { get; private init; }

    /// <summary>Runs once before the tables are created; null: nothing.</summary>
    public string? Prepare { get; private init; }

    public bool IsSqlite => this == Sqlite;

    /// <summary>
    /// True when the planner knows that what failed has not succeeded, and so uses an index with that condition. Written as well,
    /// the condition would make it expect too few rows.
    /// </summary>
    public bool CanInfer { get; private init; }

    private string? HasTable { get; init; }

    private bool HasUnquotedNames { get; init; }

    public static Dialect Of(DbContext db) => db.Database.ProviderName switch
    {
        "Microsoft.EntityFrameworkCore.Sqlite" => Sqlite,
        "Npgsql.EntityFrameworkCore.PostgreSQL" => Postgres,
        "Microsoft.EntityFrameworkCore.SqlServer" => SqlServer,
        _ => Other,
    };

    public Task<bool> HasTableAsync<T>(StoreContext db, CancellationToken cancellationToken) =>
        HasTableAsync(db, db.Model.FindEntityType(typeof(T))!, cancellationToken);

    public async Task<bool> HasTableAsync(StoreContext db, IReadOnlyEntityType type, CancellationToken cancellationToken)
    {
        var (table, schema) = (type.GetTableName()!, type.GetSchema());
        var quoted = db.GetService<ISqlGenerationHelper>().DelimitIdentifier(table, schema);
        if (HasTable is null)
            return await CanReadAsync(db, quoted, cancellationToken).ConfigureAwait(false);
        var count = await db.Database.SqlQueryRaw<long>(HasTable, HasUnquotedNames ? table : quoted)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return count[0] > 0;
    }

    // A database that ends the transaction after a failed statement needs a HasTable of its own.
    private static async Task<bool> CanReadAsync(StoreContext db, string table, CancellationToken cancellationToken)
    {
        try
        {
            var sql = $"SELECT 1 FROM {table} WHERE 1 = 0"; // the name is delimited
            await db.Database.ExecuteSqlRawAsync(sql, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DbException) when (db.Database.GetDbConnection().State == ConnectionState.Open)
        {
            return false;
        }
    }
}
