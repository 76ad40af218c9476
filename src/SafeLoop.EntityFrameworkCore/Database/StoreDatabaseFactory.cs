using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Makes the options and the model of our context, from a callback or from a context of the application.</summary>
internal static class StoreDatabaseFactory
{
    // As EF Core does with the models of contexts: by its own services, which depend on the provider and its settings. Hosts of
    // one process, such as those of tests, share a model and with it the queries that EF Core has compiled.
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<(string? Schema, string Prefix), IModel>> Models =
        [];

    /// <summary>From a provider that the application configures; the tables are ours.</summary>
    public static StoreDatabase Create(
        IServiceProvider services, Action<IServiceProvider, DbContextOptionsBuilder> configure, string? schema, string prefix)
    {
        var builder = new DbContextOptionsBuilder<StoreContext>();
        configure(services, builder);
        return Create(services, builder, FindModel, ownsTables: true);

        IModel FindModel(StoreContext scratch) => Models.GetOrCreateValue(scratch.GetService<IModelRuntimeInitializer>())
            .GetOrAdd((schema, prefix), _ => Build(scratch, model => new StoreTables(model, schema, prefix).Map()));
    }

    /// <summary>
    /// From a context of the application whose migrations own the tables. We take its provider, connection and retry strategy,
    /// and the names in its model. We write through our own context, so its interceptors do not run.
    /// </summary>
    public static StoreDatabase Create<TContext>(IServiceProvider services)
        where TContext : DbContext
    {
        using var scope = services.CreateScope();
        using var context = scope.ServiceProvider.GetService<IDbContextFactory<TContext>>()?.CreateDbContext()
            ?? scope.ServiceProvider.GetService<TContext>()
            ?? throw new IncompatibleStoreException(
                $"AddRecurringTaskStore<{typeof(TContext).Name}>() needs {typeof(TContext).Name}, and it is not registered. "
                + "Call AddDbContext, AddDbContextPool or AddDbContextFactory.");
        var theirs = ReadModel(context, scope.ServiceProvider.GetService<DbContextOptions<TContext>>());
        if (theirs.FindEntityType(typeof(HistoryRow)) is null)
            throw new IncompatibleStoreException(
                $"The model of {typeof(TContext).Name} has no tables of recurring tasks. Call "
                + "modelBuilder.AddRecurringTasks() in OnModelCreating, and add a migration.");

        var options = context.GetService<IDbContextOptions>();
        CheckProvider(options);
        var builder = new DbContextOptionsBuilder<StoreContext>();
        foreach (var extension in options.Extensions.OfType<RelationalOptionsExtension>())
            ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(extension);
        return Create(services, builder, scratch => Build(scratch, model =>
        {
            new StoreTables(model, schema: null, StoreTables.DefaultPrefix).Map();
            CopyNames(theirs, model.Model);
        }), ownsTables: false);
    }

    private static IModel ReadModel<TContext>(TContext context, DbContextOptions<TContext>? options)
        where TContext : DbContext
    {
        try
        {
            return context.Model;
        }
        catch (InvalidOperationException error) when (options is not null && ProviderOf(options) is null)
        {
            throw new IncompatibleStoreException(
                $"AddRecurringTaskStore<{typeof(TContext).Name}>() needs a relational database, and {typeof(TContext).Name} has "
                + "no provider. Call UseSqlite, UseNpgsql or UseSqlServer in AddDbContext, AddDbContextPool or "
                + "AddDbContextFactory.",
                error);
        }
    }

    private static StoreDatabase Create(
        IServiceProvider services, DbContextOptionsBuilder<StoreContext> builder, Func<StoreContext, IModel> findModel,
        bool ownsTables)
    {
        CheckProvider(builder.Options);
        builder.UseApplicationServiceProvider(services).ConfigureWarnings(LogToDebug);
        using var scratch = new StoreContext(builder.Options);
        CheckDatabase(scratch.Database.ProviderName ?? "");
        builder.AddInterceptors(FailedStatement.Instance);
        var dialect = Dialect.Of(scratch);
        if (dialect.IsSqlite)
        {
            SqliteFile.Check(RelationalOf(builder.Options)!.ConnectionString ?? "");
            builder.AddInterceptors(BusyTimeout.Instance);
        }
        return new(builder.UseModel(findModel(scratch)).Options, dialect, ownsTables);
    }

    private static IModel Build(StoreContext scratch, Action<ModelBuilder> map)
    {
        var model = new ModelBuilder(ConventionSet.CreateConventionSet(scratch));
        map(model);
        return model.FinalizeModel();
    }

    private static void CheckProvider(IDbContextOptions options)
    {
        if (RelationalOf(options) is not { } relational)
            throw new IncompatibleStoreException(
                "AddRecurringTaskStore needs a relational database, and "
                + (ProviderOf(options) is { } provider ? $"{provider} is none. " : "its options have no provider. ")
                + "Call UseSqlite, UseNpgsql or UseSqlServer.");
        if (relational.Connection is not null)
            throw new IncompatibleStoreException(
                "AddRecurringTaskStore cannot share one open DbConnection, because it works concurrently. "
                + "Give UseSqlite, UseNpgsql or UseSqlServer a connection string or a data source instead.");
    }

    private static RelationalOptionsExtension? RelationalOf(IDbContextOptions options) =>
        options.Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault();

    private static string? ProviderOf(IDbContextOptions options) =>
        options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider)?.GetType().Assembly.GetName().Name;

    internal static void CheckDatabase(string provider)
    {
        if (provider.Contains("MySql", StringComparison.OrdinalIgnoreCase)
            || provider.Contains("MariaDb", StringComparison.OrdinalIgnoreCase))
            throw new IncompatibleStoreException(
                $"AddRecurringTaskStore does not support MySQL and MariaDB ('{provider}'): no provider for EF Core 10 passes the "
                + "tests of a store. Use SQLite, PostgreSQL or SQL Server.");
    }

    // The application's conventions may have changed any of these.
    private static void CopyNames(IModel theirs, IMutableModel ours)
    {
        foreach (var type in ours.GetEntityTypes())
        {
            var their = theirs.FindEntityType(type.ClrType)!;
            type.SetTableName(their.GetTableName());
            type.SetSchema(their.GetSchema());
            foreach (var property in type.GetProperties())
            {
                var column = their.FindProperty(property.Name)!;
                property.SetColumnName(column.GetColumnName());
                property.SetColumnType(column.GetColumnType());
                property.SetValueConverter(column.GetValueConverter());
            }
        }
    }

    // While the database is down the core reports it, once a minute and in one line.
    private static void LogToDebug(WarningsConfigurationBuilder warnings) => warnings.Log(
        (RelationalEventId.CommandExecuted, LogLevel.Debug),
        (RelationalEventId.CommandError, LogLevel.Debug),
        (RelationalEventId.ConnectionError, LogLevel.Debug),
        (RelationalEventId.TransactionError, LogLevel.Debug),
        (CoreEventId.RowLimitingOperationWithoutOrderByWarning, LogLevel.Debug), // where a key finds one row
        (CoreEventId.FirstWithoutOrderByAndFilterWarning, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
        (RelationalEventId.ExecuteDeleteFailed, LogLevel.Debug),
        (RelationalEventId.ExecuteUpdateFailed, LogLevel.Debug),
        (CoreEventId.ExecutionStrategyRetrying, LogLevel.Debug));
}
