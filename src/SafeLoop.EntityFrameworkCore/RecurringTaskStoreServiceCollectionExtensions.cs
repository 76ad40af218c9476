using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SafeLoop.EntityFrameworkCore;
using SafeLoop.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the state, the history and the commands of recurring tasks in a database.</summary>
public static class RecurringTaskStoreServiceCollectionExtensions
{
    /// <summary>Adds a store with a context of its own. It creates its tables where they are missing.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="database">Chooses the database, for instance <c>db => db.UseSqlite("Data Source=safeloop.db")</c>.</param>
    /// <param name="application">
    /// Applications that share a database see only their own tasks. Null: the name of the host's environment.
    /// </param>
    /// <param name="schema">The schema of the tables; null: the default schema of the database.</param>
    /// <param name="prefix">The beginning of the names of the tables; null: <c>safeloop_</c>.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>A second call replaces the first.</remarks>
    public static IServiceCollection AddRecurringTaskStore(
        this IServiceCollection services, Action<DbContextOptionsBuilder> database, string? application = null,
        string? schema = null, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        return services.AddRecurringTaskStore((_, db) => database(db), application, schema, prefix);
    }

    /// <summary>
    /// Adds a store with a context of its own, whose database is chosen with the help of the application's services.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="database">
    /// Chooses the database. It may read configuration, and take an <c>NpgsqlDataSource</c> from the services.
    /// </param>
    /// <param name="application">
    /// Applications that share a database see only their own tasks. Null: the name of the host's environment.
    /// </param>
    /// <param name="schema">The schema of the tables; null: the default schema of the database.</param>
    /// <param name="prefix">The beginning of the names of the tables; null: <c>safeloop_</c>.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>A second call replaces the first.</remarks>
    public static IServiceCollection AddRecurringTaskStore(
        this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> database, string? application = null,
        string? schema = null, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        return services.Add(application, provider =>
            StoreDatabaseFactory.Create(provider, database, schema, prefix ?? StoreTables.DefaultPrefix));
    }

    /// <summary>
    /// Adds a store in the database of a registered context, whose migrations own the tables. Needs
    /// <see cref="RecurringTaskModelBuilderExtensions.AddRecurringTasks"/> in its <c>OnModelCreating</c>.
    /// </summary>
    /// <typeparam name="TContext">
    /// A context registered by <c>AddDbContext</c>, <c>AddDbContextPool</c> or <c>AddDbContextFactory</c>.
    /// </typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="application">
    /// Applications that share a database see only their own tasks. Null: the name of the host's environment.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// The store takes the connection, the retry strategy and the names of the tables from the context. It never writes through
    /// it, so interceptors and overrides of <c>SaveChanges</c> do not run. A second call replaces the first.
    /// </remarks>
    public static IServiceCollection AddRecurringTaskStore<TContext>(
        this IServiceCollection services, string? application = null)
        where TContext : DbContext =>
        services.Add(application, StoreDatabaseFactory.Create<TContext>);

    private static IServiceCollection Add(
        this IServiceCollection services, string? application, Func<IServiceProvider, StoreDatabase> createDatabase)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRecurringTasks(); // a host without tasks reads history and sends commands
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDatabaseClock>(static provider =>
            provider.GetKeyedService<TimeProvider>(IRecurringTaskStore.ClockKey) is { } time
                ? new VirtualDatabaseClock(time)
                : new DatabaseClock());
        return services.Replace(ServiceDescriptor.Singleton<IRecurringTaskStore>(provider => new EntityFrameworkTaskStore(
            () => createDatabase(provider),
            provider.GetRequiredService<IDatabaseClock>(),
            provider.GetRequiredService<TimeProvider>(),
            application,
            provider.GetService<IHostEnvironment>()?.ApplicationName
                ?? Assembly.GetEntryAssembly()?.GetName().Name ?? "unknown")));
    }
}
