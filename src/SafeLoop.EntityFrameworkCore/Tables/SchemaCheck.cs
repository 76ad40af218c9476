using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Checks that all tables are there, with our columns, in a version that this code can use.</summary>
internal sealed class SchemaCheck(StoreDatabase database)
{
    private volatile bool _hasPassed;
    private volatile IncompatibleStoreException? _problem;

    /// <exception cref="IncompatibleStoreException">The tables cannot be used.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_hasPassed)
            return;
        if (database.OwnsTables)
            await CreateAsync(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<SchemaRow>(cancellationToken).ConfigureAwait(false);
        await CheckVersionAsync(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<InstanceRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<SampleRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<TaskRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<LoopRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<ClaimRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<HistoryRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<ErrorRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<TotalRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<GapRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<CommandRow>(cancellationToken).ConfigureAwait(false);
        await CheckTableAsync<ResultRow>(cancellationToken).ConfigureAwait(false);
        _hasPassed = true;
    }

    /// <summary>Checks the version again: a migration may be applied while the host is running.</summary>
    /// <exception cref="IncompatibleStoreException">The tables cannot be used.</exception>
    public async Task CheckVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadVersionAsync(cancellationToken).ConfigureAwait(false);
            _problem = null;
        }
        catch (IncompatibleStoreException problem)
        {
            _problem = problem;
            throw;
        }
    }

    /// <exception cref="IncompatibleStoreException">The last check has found a version that cannot be used.</exception>
    public void ThrowIfIncompatible()
    {
        if (_problem is { } problem)
            throw new IncompatibleStoreException(problem.Message, problem);
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TableCreator.CreateMissingAsync(database, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreFailureException failure)
        {
            // A database that is down throws here again, which is no incompatible table.
            if (await FindForeignTableAsync(cancellationToken).ConfigureAwait(false) is { } foreign)
                throw new IncompatibleStoreException(
                    $"The tables of recurring tasks cannot be created, because the table '{foreign}' exists and the table of "
                    + "their version does not. Rename it, or give AddRecurringTaskStore another prefix or schema.",
                    failure);
            if (failure.IsForbidden)
                throw new IncompatibleStoreException(
                    "The tables of recurring tasks are missing, and this role may not create them: "
                    + $"{failure.DatabaseMessage} Start the application once with a role that may, or let your migrations own "
                    + "the tables: AddRecurringTaskStore<TContext>() and modelBuilder.AddRecurringTasks().",
                    failure);
            throw;
        }
    }

    private async Task<string?> FindForeignTableAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(async (db, cancel) =>
        {
            var dialect = database.Dialect;
            if (await dialect.HasTableAsync<SchemaRow>(db, cancel).ConfigureAwait(false))
                return null;
            foreach (var type in db.Model.GetEntityTypes())
            {
                if (await dialect.HasTableAsync(db, type, cancel).ConfigureAwait(false))
                    return type.GetSchemaQualifiedTableName();
            }
            return null;
        }, cancellationToken).ConfigureAwait(false);

    private async Task CheckTableAsync<T>(CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await database.ReadAsync((db, cancel) => db.Set<T>().Take(1).ToListAsync(cancel), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StoreFailureException failure)
        {
            var (name, exists) = await database.ReadAsync(async (db, cancel) => (
                db.Model.FindEntityType(typeof(T))!.GetSchemaQualifiedTableName(),
                await database.Dialect.HasTableAsync<T>(db, cancel).ConfigureAwait(false)), cancellationToken)
                .ConfigureAwait(false);
            throw new IncompatibleStoreException(
                !exists ? $"The table '{name}' of recurring tasks is missing. " + (database.OwnsTables
                    ? "Restore it from a backup, or drop the other tables of recurring tasks and start again."
                    : "Add a migration (dotnet ef migrations add RecurringTasks) and apply it.")
                : failure.IsForbidden ? $"The role of the connection may not read the table '{name}' of recurring tasks: "
                    + $"{failure.DatabaseMessage} {failure.Advice}"
                : $"The table '{name}' is not one of SafeLoop's, or was changed: {failure.DatabaseMessage} "
                    + "Rename it, or give another prefix or schema.",
                failure);
        }
    }

    private async Task ReadVersionAsync(CancellationToken cancellationToken)
    {
        var schema = await database.ReadAsync(
            (db, cancel) => db.Set<SchemaRow>().OrderBy(s => s.Id).FirstOrDefaultAsync(cancel), cancellationToken)
            .ConfigureAwait(false)
            ?? throw new IncompatibleStoreException(
                "The tables of recurring tasks have no version: their table 'schema' is empty. Restore it from a backup, or "
                + "apply the migrations that create them.");
        if (schema.Version < SchemaRow.Current)
            throw new IncompatibleStoreException(
                $"The tables of recurring tasks have version {schema.Version}, and this version of "
                + $"SafeLoop.EntityFrameworkCore needs version {SchemaRow.Current}. "
                + (database.OwnsTables ? "Upgrade the tables as its release notes say."
                    : "Add a migration (dotnet ef migrations add RecurringTasks) and apply it."));
        if (schema.OldestVersion > SchemaRow.Current)
            throw new IncompatibleStoreException(
                $"The tables of recurring tasks have version {schema.Version}, made for version {schema.OldestVersion} or later; "
                + $"this version of SafeLoop.EntityFrameworkCore has version {SchemaRow.Current}. Update the package.");
    }
}
