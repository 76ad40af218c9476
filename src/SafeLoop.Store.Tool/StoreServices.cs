using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.Store.Tool;

/// <summary>
/// The services of a host without tasks over a store. The host is never started, so the store gets no instance and no tables.
/// </summary>
internal sealed class StoreServices(
    Action<DbContextOptionsBuilder> configure, string? application, string? schema, string? prefix, TimeProvider time)
    : IAsyncDisposable
{
    private const int MostApplications = 20;

    // What the context takes from an application: nothing, so that it logs nothing.
    private readonly ServiceProvider _none = new ServiceCollection().BuildServiceProvider();

    private ServiceProvider? _services;
    private StoreDatabase? _database;
    private string _application = "";

    /// <summary>Checks the store on the first call, and finds its application.</summary>
    /// <exception cref="ToolException">The store cannot be used, or has several applications and none was named.</exception>
    public async Task<IServiceProvider> OpenAsync(CancellationToken cancellationToken)
    {
        if (_services is not null)
            return _services;
        var database = _database = StoreDatabaseFactory.Create(
            _none, (_, db) => configure(db), schema, prefix ?? StoreTables.DefaultPrefix);
        var name = _application = await FindApplicationAsync(database, cancellationToken);
        return _services = new ServiceCollection()
            .AddRecurringTasks()
            .AddSingleton(time)
            .AddSingleton<IRecurringTaskStore>(
                new EntityFrameworkTaskStore(() => database, new DatabaseClock(), time, name, name))
            .BuildServiceProvider();
    }

    /// <summary>True when a task has a loop per key.</summary>
    public Task<bool> IsKeyedAsync(string task, CancellationToken cancellationToken)
    {
        var (own, name) = (StoredText.Key(_application), TaskCatalog.Normalize(task));
        return _database!.ReadAsync(
            (db, cancel) => db.Set<TaskRow>()
                .AnyAsync(row => row.Application == own && row.NormalizedName == name && row.IsKeyed, cancel),
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        await _none.DisposeAsync();
    }

    private async Task<string> FindApplicationAsync(StoreDatabase database, CancellationToken cancellationToken)
    {
        var hasTables = await database.ReadAsync(
            (db, cancel) => database.Dialect.HasTableAsync<SchemaRow>(db, cancel), cancellationToken);
        if (!hasTables)
            throw new ToolException(TaskExitCode.Failed, "The database has no tables of recurring tasks with these names. "
                + "Correct --store, --schema or --prefix. An application creates the tables when it starts with a store.");
        await new SchemaCheck(database).CheckVersionAsync(cancellationToken);
        var names = await database.ReadAsync(
            (db, cancel) => db.Set<TaskRow>().Select(task => task.Application).Distinct().Order().Take(MostApplications)
                .ToListAsync(cancel),
            cancellationToken);
        if (application is not null)
        {
            return names.Count == MostApplications || names.Contains(StoredText.Key(application), StringComparer.Ordinal)
                ? application
                : throw new ToolException(TaskExitCode.NotFound,
                    $"The store has no application '{Printable.Escape(application)}'. It has {List(names)}.");
        }
        return names switch
        {
            [] => throw new ToolException(TaskExitCode.NotFound, "The store has no tasks yet. An application adds its tasks when "
                + "it starts."),
            [var only] => only,
            _ => throw new ToolException(TaskExitCode.Usage, "Several applications share the store. Name one with --application: "
                + $"{List(names)}."),
        };
    }

    private static string List(List<string> names) => names.Count == 0
        ? "none"
        : string.Join(", ", names.Select(name => $"'{Printable.Escape(name)}'")) + (names.Count == MostApplications ? ", …" : "");
}
