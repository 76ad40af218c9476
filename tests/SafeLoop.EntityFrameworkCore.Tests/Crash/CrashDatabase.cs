using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A database that outlives the processes of one scenario after the other.</summary>
internal sealed class CrashDatabase(Action<DbContextOptionsBuilder> use) : IAsyncDisposable
{
    public const string Application = "crash";

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().BuildServiceProvider();
    private StoreDatabase? _database;

    public StoreDatabase Database => _database ??= StoreDatabaseFactory.Create(
        _services,
        (_, options) =>
        {
            use(options);
            options.AddInterceptors(new CutInterceptor());
        },
        schema: null,
        StoreTables.DefaultPrefix);

    public EntityFrameworkTaskStore CreateStore(IDatabaseClock clock, TimeProvider time) =>
        new(() => Database, clock, time, Application, Application);

    public async Task CreateTablesAsync()
    {
        await TableCreator.CreateMissingAsync(Database, default);
        await ExecuteAsync(GuardedTable.Create);
    }

    /// <summary>Deletes all rows but the version of the tables.</summary>
    public async Task ClearAsync()
    {
        var tables = await Database.ReadAsync(
            (db, _) => Task.FromResult(db.Model.GetEntityTypes().Where(type => type.ClrType != typeof(SchemaRow))
                .Select(type => type.GetTableName()).ToArray()),
            default);
        var deletes = tables.Select(table => $"DELETE FROM {table};");
        await ExecuteAsync(string.Concat(deletes) + GuardedTable.Clear + "UPDATE safeloop_schema SET last_command = 0;");
    }

    public Task<T> ReadAsync<T>(Func<DbContext, Task<T>> read) => Database.ReadAsync((db, _) => read(db), default);

    /// <summary>The last slot of each task that was claimed or recorded.</summary>
    public async Task<IEnumerable<(string Task, long Slot)>> ReadLastSlotsAsync()
    {
        var loops = await ReadAsync(db => db.Set<LoopRow>().Where(loop => loop.LastSlot != null)
            .Join(db.Set<TaskRow>(), loop => loop.TaskId, task => task.Id, (loop, task) => new { task.Name, loop.LastSlot })
            .ToListAsync());
        return loops.Select(loop => (loop.Name, loop.LastSlot!.Value));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private Task ExecuteAsync(string sql) =>
        Database.ReadAsync((db, cancel) => db.Database.ExecuteSqlRawAsync(sql, cancel), default);
}
