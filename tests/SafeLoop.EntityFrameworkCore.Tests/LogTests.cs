using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>EF Core writes no line at Information or above, neither for each statement nor while the database is down.</summary>
public sealed class LogTests : IAsyncLifetime
{
    private readonly SqliteDatabase _database = new();
    private readonly LogCount _log = new();

    [Fact]
    public async Task Nothing_is_logged_while_all_goes_well()
    {
        await CreateStore(_database.ConnectionString).RunOneSlotAsync();

        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Nothing_is_logged_when_statements_and_connections_fail()
    {
        await CreateStore($"Data Source={_database.File}-none/safeloop.db").FailAsync();
        var store = CreateStore(_database.ConnectionString);
        var instance = await store.ConnectAsync();
        await _database.ReadAsync(db => db.Database.ExecuteSqlRawAsync("DROP TABLE safeloop_history"));
        Func<Task>[] calls =
        [
            () => store.QueryAsync(new(), default).AsTask(),
            () => store.DeleteExpiredAsync(new(), default).AsTask(),
            () => store.EraseAsync(Calls.Nightly, "a", default).AsTask(),
            () => store.SaveAsync(new() { Instance = instance, Number = 1, History = [Calls.Entry(instance)] }, default).AsTask(),
        ];
        foreach (var call in calls)
            await Assert.ThrowsAsync<StoreFailureException>(call);
        await _database.ReadAsync(db => db.Database.ExecuteSqlRawAsync("DROP TABLE safeloop_instance"));
        await Assert.ThrowsAsync<StoreFailureException>(
            () => store.SendHeartbeatAsync(instance, Calls.Sample, after: 0, TimeSpan.FromMinutes(1), default).AsTask());

        Assert.Empty(_log.Lines);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    private IRecurringTaskStore CreateStore(string connection) => _database.Create(services => services
        .AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace))
        .AddRecurringTaskStore(db => db.UseSqlite(connection)));
}
