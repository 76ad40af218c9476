using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Creates the tables once, however many hosts start at the same time: inside the database's own lock, and only where the
/// table of the version is absent.
/// </summary>
internal static class TableCreator
{
    public static async Task CreateMissingAsync(StoreDatabase database, CancellationToken cancellationToken)
    {
        await database.ReadAsync(async (db, cancel) =>
        {
            // Not within a transaction: SQLite cannot change it there.
            if (database.Dialect.Prepare is { } prepare)
                await db.Database.ExecuteSqlRawAsync(prepare, cancel).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        await database.RunAsync(async (db, cancel) =>
        {
            if (database.Dialect.Lock is { } @lock)
                await db.Database.ExecuteSqlRawAsync(@lock, cancel).ConfigureAwait(false);
            if (!await database.Dialect.HasTableAsync<SchemaRow>(db, cancel).ConfigureAwait(false))
                await CreateAsync(db, cancel).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CreateAsync(StoreContext db, CancellationToken cancellationToken)
    {
        var model = db.GetService<IDesignTimeModel>().Model;
        var operations = db.GetService<IMigrationsModelDiffer>().GetDifferences(null, model.GetRelationalModel());
        var versionLast = operations.OrderBy(IsVersion).ToArray();
        var connection = db.GetService<IRelationalConnection>();
        foreach (var command in db.GetService<IMigrationsSqlGenerator>().Generate(versionLast, model))
            await command.ExecuteNonQueryAsync(connection, cancellationToken: cancellationToken).ConfigureAwait(false);

        // A database whose transactions do not hold DDL may stop halfway; the version says that all tables are there.
        bool IsVersion(MigrationOperation operation)
        {
            var version = model.FindEntityType(typeof(SchemaRow))!.GetTableName();
            return operation is CreateTableOperation table && table.Name == version
                || operation is InsertDataOperation data && data.Table == version;
        }
    }
}
