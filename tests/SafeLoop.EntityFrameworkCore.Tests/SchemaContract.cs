using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>The tables of a store that owns them: created once, checked at each start.</summary>
public abstract class SchemaContract(TestDatabase database) : IAsyncLifetime
{
    protected TestDatabase Database => database;

    [Fact]
    public async Task Twelve_hosts_that_start_at_once_create_the_tables_once()
    {
        var stores = Enumerable.Range(0, 12).Select(_ => database.CreateStore()).ToArray();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.ConnectAsync())));

        Assert.Equal(12, await database.ReadAsync(db => db.Set<InstanceRow>().CountAsync()));
        Assert.Equal(1, (await database.ReadAsync(db => db.Set<SchemaRow>().SingleAsync())).Version);
    }

    [Fact]
    public async Task Tables_of_an_older_version_are_refused_with_a_sentence()
    {
        await SetVersionAsync(version: 0, oldest: 0);

        Assert.Equal(
            "The tables of recurring tasks have version 0, and this version of SafeLoop.EntityFrameworkCore needs version 1. "
            + "Upgrade the tables as its release notes say.",
            (await database.CreateStore().RefuseAsync()).Message);
    }

    [Fact]
    public async Task Tables_of_a_newer_version_that_no_longer_supports_this_one_are_refused_with_a_sentence()
    {
        await SetVersionAsync(version: 3, oldest: 2);

        Assert.Equal(
            "The tables of recurring tasks have version 3, made for version 2 or later; this version of "
            + "SafeLoop.EntityFrameworkCore has version 1. Update the package.",
            (await database.CreateStore().RefuseAsync()).Message);
    }

    [Fact]
    public async Task Tables_of_a_newer_version_that_still_supports_this_one_are_used()
    {
        await SetVersionAsync(version: 2, oldest: 1);
        await ExecuteAsync("ALTER TABLE safeloop_history ADD COLUMN shard integer NULL");

        await database.CreateStore().RunOneSlotAsync();
    }

    [Fact]
    public async Task Tables_that_are_migrated_while_a_host_runs_are_not_used_any_more()
    {
        var store = database.CreateStore();
        var instance = await store.ConnectAsync();
        await SetVersionAsync(version: 3, oldest: 2);

        await Assert.ThrowsAsync<IncompatibleStoreException>(SendHeartbeatAsync);
        await Assert.ThrowsAsync<IncompatibleStoreException>(ClaimAsync);
        await SetVersionAsync(version: 1, oldest: 1);
        await SendHeartbeatAsync();
        await ClaimAsync();

        async Task SendHeartbeatAsync() =>
            await store.SendHeartbeatAsync(instance, Calls.Sample, after: 0, TimeSpan.FromHours(1), default);

        async Task ClaimAsync() => await store.TryClaimAsync(
            new() { TaskName = "nightly", Slot = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Instance = instance }, default);
    }

    [Fact]
    public async Task A_foreign_table_of_the_same_name_is_refused_and_left_alone()
    {
        await ExecuteAsync("CREATE TABLE safeloop_loop (mine integer)");
        var error = await database.CreateStore().RefuseAsync();

        Assert.StartsWith(
            "The tables of recurring tasks cannot be created, because the table 'safeloop_loop' exists", error.Message,
            StringComparison.Ordinal);
        await ExecuteAsync("INSERT INTO safeloop_loop (mine) VALUES (1)");
        await database.Create(services => Register(services, prefix: "other_")).RunOneSlotAsync();
    }

    [Fact]
    public async Task A_foreign_table_of_the_name_of_the_version_is_refused()
    {
        await ExecuteAsync("CREATE TABLE safeloop_schema (mine integer)");

        Assert.StartsWith(
            "The table 'safeloop_schema' is not one of SafeLoop's, or was changed: ",
            (await database.CreateStore().RefuseAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_table_or_column_is_refused_with_a_sentence()
    {
        await database.CreateStore().ConnectAsync();
        await ExecuteAsync("ALTER TABLE safeloop_history RENAME COLUMN elapsed TO duration");
        Assert.StartsWith(
            "The table 'safeloop_history' is not one of SafeLoop's, or was changed: ",
            (await database.CreateStore().RefuseAsync()).Message, StringComparison.Ordinal);

        await ExecuteAsync("DROP TABLE safeloop_history");
        Assert.StartsWith(
            "The table 'safeloop_history' of recurring tasks is missing.",
            (await database.CreateStore().RefuseAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_without_tasks_can_send_commands_and_read_history()
    {
        var services = new ServiceCollection().AddLogging().AddRecurringTaskStore(database.Use);
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetService<IRecurringTaskCommands>());
        Assert.NotNull(provider.GetService<IRecurringTaskHistory>());
    }

    [Fact]
    public async Task The_clock_is_that_of_the_database()
    {
        var store = database.CreateStore(hasOwnClock: false);
        var instance = await store.ConnectAsync();
        var first = await store.SendHeartbeatAsync(instance, Calls.Sample, after: 0, TimeSpan.FromHours(1), default);
        var second = await store.SendHeartbeatAsync(instance, Calls.Sample, after: 0, TimeSpan.FromHours(1), default);

        Assert.InRange(second.Now, first.Now, first.Now + TimeSpan.FromMinutes(10));
        var ahead = first.Now - TimeProvider.System.GetUtcNow(); // they run on the same machine
        Assert.InRange(ahead, TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task The_application_of_the_registration_comes_before_that_of_the_instance()
    {
        var store = database.Create(services => services.AddRecurringTaskStore(database.Use, application: "billing"));
        await store.ConnectAsync();

        Assert.Equal("billing", (await database.ReadAsync(db => db.Set<TaskRow>().SingleAsync())).Application);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await database.DisposeAsync();

    protected abstract void Register(IServiceCollection services, string prefix);

    protected async Task ExecuteAsync(string sql) => await database.ReadAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    private async Task SetVersionAsync(int version, int oldest)
    {
        if (version != 1) // then the tables cannot be used at present
            await database.CreateStore().ConnectAsync();
        await database.ReadAsync(db => db.Set<SchemaRow>().ExecuteUpdateAsync(
            set => set.SetProperty(s => s.Version, version).SetProperty(s => s.OldestVersion, oldest)));
    }
}
