using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>
/// SQL Server is not available here. Its parser reads every statement that the store would execute there.
/// </summary>
public sealed class SqlServerTests : IAsyncDisposable
{
    private const string Nowhere = "Server=127.0.0.1,1;Database=none;Encrypt=false";

    private readonly StatementRecorder _recorder = new();
    private readonly ServiceProvider _services;

    public SqlServerTests() => _services = new ServiceCollection().AddLogging()
        .AddRecurringTaskStore(db => db.UseSqlServer(Nowhere)
            .AddInterceptors(new NoConnection(), new NoTransaction(), _recorder))
        .BuildServiceProvider();

    [Fact]
    public void The_script_of_the_tables_is_valid_and_keys_are_compared_exactly()
    {
        using var db = new RowsContext(new DbContextOptionsBuilder<RowsContext>().UseSqlServer(Nowhere).Options);
        var script = db.Database.GenerateCreateScript();

        Parse(script);
        Assert.Contains("[key_text] nvarchar(202) COLLATE Latin1_General_100_BIN2 NOT NULL", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)] // nothing is there: everything is inserted
    [InlineData(1)] // everything is there: rows are updated and deleted
    public async Task Every_statement_of_the_store_is_valid(int rows)
    {
        _recorder.Rows = rows;
        await CallEverythingAsync();

        Assert.True(_recorder.Statements.Count > 25, $"Only {_recorder.Statements.Count} statements were seen.");
        Assert.All(_recorder.Statements, Parse);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task CallEverythingAsync()
    {
        var store = _services.GetRequiredService<IRecurringTaskStore>();
        var instance = Calls.Instance();
        var failed = Calls.Entry(instance.Id, outcome: IterationOutcome.Failed) with { ErrorType = "E", ErrorDetails = "E" };
        var loop = new StoredLoop
        {
            TaskName = Calls.Nightly,
            Key = "a",
            Schedule = "at 03:00",
            LastSlot = Calls.Slot,
            LastEnded = Calls.Slot,
            LastSuccess = Calls.Slot,
        };
        var command = new TaskCommand { Id = Guid.NewGuid(), TaskName = Calls.Nightly, Kind = TaskCommandKind.Pause };
        var query = new HistoryQuery
        {
            TaskName = Calls.Nightly,
            Key = "a",
            From = Calls.Slot,
            To = Calls.Slot.AddDays(1),
            Outcome = IterationOutcome.Failed,
            Reason = OutcomeReason.None,
            Cursor = "1-2",
        };
        Func<ValueTask>[] calls =
        [
            () => store.ConnectAsync(instance, default),
            async () => await store.LoadAsync([new() { Name = Calls.Nightly, FormerName = "old", Schedule = "" }], default),
            async () => await store.SendHeartbeatAsync(instance.Id, Calls.Sample, after: 1, TimeSpan.FromMinutes(1), default),
            async () => await store.ClaimAsync(instance.Id),
            async () => await store.RecordAsync(failed, isClaimed: true, default),
            async () => await store.RecordAsync(failed, isClaimed: false, default),
            () => store.SaveAsync(
                new()
                {
                    Instance = instance.Id,
                    Number = 1,
                    History = [failed],
                    Loops = [new() { Loop = loop, HasPauseChanged = true }, new() { Loop = loop, IsForgotten = true }],
                    Totals = [new() { TaskName = Calls.Nightly, Hour = Calls.Slot, Outcome = default, Count = 1 }],
                    Gap = new() { From = Calls.Slot, To = Calls.Slot, Missing = default },
                },
                default),
            async () => await store.QueryAsync(new(), default),
            async () => await store.QueryInstancesAsync(default),
            async () => await store.QuerySamplesAsync(
                new() { Instance = instance.Id, From = Calls.Slot, To = Calls.Slot.AddDays(1), Cursor = "1" }, default),
            async () => await store.QueryGapsAsync(Calls.Slot, default),
            async () => await store.QueryAsync(query, default),
            async () => await store.QueryAsync(query with { OldestFirst = true }, default),
            async () => await store.AddCommandAsync(command, default),
            async () => await store.AddCommandAsync(
                command with { Id = Guid.NewGuid(), Kind = TaskCommandKind.Change, Options = "{}" }, default),
            async () => await store.TryTakeCommandAsync(command.Id, instance.Id, default),
            () => store.CompleteCommandAsync(
                command.Id, new() { Instance = instance.Id, IsExecuted = true, Text = "Succeeded" }, default),
            async () => await store.FindCommandAsync(command.Id, default),
            async () => await store.QueryCommandsAsync(new(), default),
            async () => await store.QueryCommandsAsync(new() { TaskName = Calls.Nightly, Cursor = "5" }, default),
            async () => await store.DeleteExpiredAsync(new(), default),
            () => store.EraseAsync(Calls.Nightly, "a", default),
            () => store.DisconnectAsync(instance.Id, default),
        ];
        foreach (var call in calls)
        {
            try
            {
                await call();
            }
            catch (Exception error) when (error is InvalidOperationException or DbUpdateException or IncompatibleStoreException)
            {
                // What the recorder answers contradicts itself now and then. The statements before were seen.
            }
        }
    }

    private static void Parse(string sql)
    {
        var parser = new TSql160Parser(initialQuotedIdentifiers: true);
        parser.Parse(new StringReader(sql), out var errors);
        Assert.True(errors.Count == 0, $"{string.Join('\n', errors.Select(error => error.Message))}\n{sql}");
    }
}
