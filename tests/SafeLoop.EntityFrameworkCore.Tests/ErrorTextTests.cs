using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>The text of an error is stored once for all that are alike.</summary>
public sealed class ErrorTextTests : IAsyncLifetime
{
    private const string Frames = "   at Nightly.RunAsync()\n   at SafeLoop.IterationRunner.RunStepsAsync()";

    private readonly SqliteDatabase _database = new();
    private long _batch;

    [Fact]
    public async Task Errors_of_one_type_from_one_place_share_a_row_and_keep_their_messages()
    {
        var store = _database.CreateStore();
        var instance = await store.ConnectAsync();
        await SaveAsync(store, Failure(instance, 0, "no device 17"), Failure(instance, 1, "no device 17"));
        await SaveAsync(store, Failure(instance, 2, "no device 18"));

        var error = await _database.ReadAsync(db => db.Set<ErrorRow>().SingleAsync());
        Assert.Equal((3L, "no device 17"), (error.Times, error.Message));
        var entries = (await store.QueryAsync(new(), default)).Entries;
        Assert.Equal(["no device 18", "no device 17", "no device 17"], entries.Select(entry => entry.Record.Error));
        Assert.All(entries, entry => Assert.StartsWith("E: no device 17", entry.ErrorDetails, StringComparison.Ordinal));
        Assert.Equal(2, await _database.ReadAsync(db => db.Set<HistoryRow>().CountAsync(h => h.Message == null)));
    }

    [Fact]
    public async Task Errors_of_another_type_place_or_application_have_rows_of_their_own()
    {
        var store = _database.CreateStore();
        var instance = await store.ConnectAsync();
        await SaveAsync(
            store, Failure(instance, 0, "broken"), Failure(instance, 1, "broken") with { ErrorType = "F" },
            Failure(instance, 2, "broken") with { ErrorDetails = "E: broken\n   at Weekly.RunAsync()" });
        Assert.Equal(3, await _database.ReadAsync(db => db.Set<ErrorRow>().CountAsync()));

        var other = _database.Create(services => services.AddRecurringTaskStore(_database.Use, application: "other"));
        _batch = 0;
        await SaveAsync(other, Failure(await other.ConnectAsync(), 0, "broken"));
        Assert.Equal(4, await _database.ReadAsync(db => db.Set<ErrorRow>().CountAsync()));
    }

    [Fact]
    public async Task Erasing_a_key_erases_the_messages_that_its_failures_share()
    {
        var store = _database.CreateStore();
        var instance = await store.ConnectAsync();
        await SaveAsync(
            store, Failure(instance, 0, "no Ann") with { Key = "Ann" }, Failure(instance, 1, "no Bob") with { Key = "Bob" });
        await store.EraseAsync(Calls.Nightly, "Ann", default);

        var error = await _database.ReadAsync(db => db.Set<ErrorRow>().SingleAsync());
        Assert.Equal(("E", Frames), (error.Message, error.Details));
        Assert.Equal("no Bob", Assert.Single((await store.QueryAsync(new(), default)).Entries).Record.Error);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    private ValueTask SaveAsync(IRecurringTaskStore store, params HistoryEntry[] history) =>
        store.SaveAsync(new() { Instance = history[0].Instance, Number = ++_batch, History = history }, default);

    private static HistoryEntry Failure(Guid instance, int minutes, string message)
    {
        var entry = Calls.Entry(instance, Calls.Slot.AddMinutes(minutes), IterationOutcome.Failed);
        return entry with
        {
            Record = entry.Record with { Error = message },
            ErrorType = "E",
            ErrorDetails = $"E: {message}\n{Frames}",
        };
    }
}
