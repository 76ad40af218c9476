using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Transactions of two hosts lock rows in one order. A deadlock with another program is tried again.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DeadlockTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly PostgresDatabase _database = cluster.CreateDatabase();

    [Fact]
    public async Task A_batch_and_an_outcome_with_the_same_error_do_not_wait_for_each_other()
    {
        var (one, other) = (_database.CreateStore(), _database.CreateStore());
        var (batches, outcomes) = (await ConnectAsync(one), await ConnectAsync(other));
        await one.SaveAsync(Batch(batches, 1), default); // from now on all rows are there
        await using var blocker = new NpgsqlConnection(_database.ConnectionString);
        await blocker.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await ReadAsync("""
            UPDATE safeloop_loop SET failures = 0 WHERE task_id = (SELECT id FROM safeloop_task WHERE name = 'first')
            RETURNING 1::bigint
            """);

        var batch = Task.Run(() => one.SaveAsync(Batch(batches, 2), default).AsTask());
        while (await CountWaitingAsync() < 1) // for the loop of the first task
            ;
        var record = Task.Run(() => other.RecordAsync(Failure("second", outcomes), isClaimed: false, default).AsTask());
        while (!record.IsCompleted && await CountWaitingAsync() < 2)
            ;

        Assert.True(record.IsCompleted, "The outcome waits for the batch, which needs the loop of the outcome.");
        await transaction.CommitAsync();
        await batch;
        Assert.Null(await record);

        Task<long> CountWaitingAsync() => ReadAsync("SELECT count(*) FROM pg_locks WHERE NOT granted");

        async Task<long> ReadAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, blocker);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    [Theory]
    [InlineData("40P01", null)] // PostgreSQL
    [InlineData(null, "1205")] // SQL Server, whose message has the language of the session
    public async Task A_transaction_that_the_database_has_ended_for_a_deadlock_is_tried_again(string? state, string? number)
    {
        var options = new DbContextOptionsBuilder<StoreContext>();
        _database.Use(options);
        var database = new StoreDatabase(options.Options, Dialect.Of(new StoreContext(options.Options)), ownsTables: true);
        var attempts = 0;

        Assert.Equal(3, await database.RunAsync(
            (_, _) => ++attempts < 3 ? throw new DeadlockException(state, number) : Task.FromResult(attempts), default));
        await Assert.ThrowsAsync<StoreFailureException>(
            () => database.RunAsync<int>((_, _) => throw new DeadlockException(state, number), default));
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    private static async Task<Guid> ConnectAsync(IRecurringTaskStore store)
    {
        var instance = Calls.Instance();
        await store.ConnectAsync(instance, default);
        await store.LoadAsync([new() { Name = "first", Schedule = "" }, new() { Name = "second", Schedule = "" }], default);
        return instance.Id;
    }

    private static StoreBatch Batch(Guid instance, long number) => new()
    {
        Instance = instance,
        Number = number,
        History = [Failure("first", instance)],
        Loops = [new() { Loop = new() { TaskName = "first" } }, new() { Loop = new() { TaskName = "second" } }],
    };

    private static HistoryEntry Failure(string task, Guid instance)
    {
        var entry = Calls.Entry(instance, outcome: IterationOutcome.Failed);
        return entry with { TaskName = task, ErrorType = "TimeoutException", Record = entry.Record with { Error = "Too late." } };
    }

    private sealed class DeadlockException : DbException
    {
        private readonly string? _state;

        public DeadlockException(string? state, string? number)
            : base("Die Transaktion wurde als Deadlockopfer ausgewählt.")
        {
            _state = state;
            if (number is not null)
                Data["HelpLink.EvtID"] = number; // as SqlException does
        }

        public override string? SqlState => _state;
    }
}
