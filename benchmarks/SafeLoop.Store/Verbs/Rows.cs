using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Storage;
using SafeLoop.Store.Databases;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Store.Verbs;

/// <summary>The size of rows of the history on PostgreSQL, and what its queries cost the server.</summary>
internal static class Rows
{
    private static readonly DateTimeOffset End = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(StoreArguments arguments)
    {
        using var database = new Postgres();
        var recorder = new StatementRecorder();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTaskStore(db =>
        {
            database.Use(db);
            db.AddInterceptors(recorder);
        }, application: "benchmark");
        builder.Services.AddRecurringTasks();
        using var host = builder.Build();
        var store = host.Services.GetRequiredService<IRecurringTaskStore>();
        await store.ConnectAsync(
            new() { Id = Guid.NewGuid(), Application = "benchmark", Host = "benchmark", ProcessId = 1 }, default);
        var rows = arguments.Get("rows", 10_000_000);
        await HistoryRows.FillAsync(database, rows, End);
        await store.LoadAsync(HistoryRows.AllTasks, default); // the host that reads has these tasks
        await ReportSizesAsync(database, rows);

        var random = new Random(1);
        Func<DateTimeOffset> instant = () => End - (TimeSpan.FromDays(80) * random.NextDouble());
        (string Name, Func<Task> ReadAsync)[] queries =
        [
            ("newest 50 of all", () => QueryAsync(new())),
            ("50 of all before an instant", () => QueryAsync(new() { To = instant() })),
            ("newest 50 of a task", () => QueryAsync(new() { TaskName = HistoryRows.Task })),
            ("50 of a task before an instant", () => QueryAsync(new() { TaskName = HistoryRows.Task, To = instant() })),
            ("newest 50 failed of all", () => QueryAsync(new() { Outcome = IterationOutcome.Failed })),
            ("50 failed of all before an instant", () => QueryAsync(
                new() { Outcome = IterationOutcome.Failed, To = instant() })),
            ("newest 50 failed of a task", () => QueryAsync(
                new() { TaskName = HistoryRows.Task, Outcome = IterationOutcome.Failed })),
            ("newest 50 not succeeded of a task", () => QueryAsync(
                new() { TaskName = HistoryRows.Task, OnlyUnsuccessful = true })),
            ("newest 50 of a key", () => QueryAsync(new() { TaskName = HistoryRows.KeyedTask, Key = HistoryRows.Key })),
            ("one slot with its neighbours", async () =>
            {
                await host.Services.GetRequiredService<IRecurringTaskHistory>().ExplainAsync(HistoryRows.Task, instant());
            }),
        ];
        await using var connection = await database.OpenAsync();
        foreach (var (name, readAsync) in queries)
        {
            var costs = new List<QueryCost>();
            for (var repeat = 0; repeat < arguments.Get("repeats", 200); repeat++)
            {
                recorder.Take();
                await readAsync();
                var cost = new QueryCost(0, 0, []);
                foreach (var (text, parameters) in recorder.Take())
                    cost += await QueryCost.ReadAsync(connection, text, parameters);
                costs.Add(cost);
            }
            var isScan = costs.Any(cost => cost.Scans.Contains("safeloop_history")); // the other tables have few rows
            Console.WriteLine(
                $"{name}: {costs.Max(cost => cost.Pages)} pages, "
                + $"p95 {Median.Share(costs.Select(cost => cost.Milliseconds), 0.95):0.00} ms"
                + (isScan ? ", READS THE WHOLE HISTORY" : ""));
        }
        Console.WriteLine("aim: at most 64 pages and 20 ms each");

        async Task QueryAsync(HistoryQuery query) => await store.QueryAsync(query, default);
    }

    private static async Task ReportSizesAsync(Postgres database, int rows)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT 'heap', pg_table_size('safeloop_history') UNION ALL
            SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index
            WHERE indrelid = 'safeloop_history'::regclass
            """;
        await using var sizes = await command.ExecuteReaderAsync();
        var total = 0L;
        while (await sizes.ReadAsync())
        {
            total += sizes.GetInt64(1);
            Console.WriteLine($"{sizes.GetString(0)}: {(double)sizes.GetInt64(1) / rows:0.0} B a row");
        }
        Console.WriteLine(
            $"{rows:N0} rows: {(double)total / rows:0.0} B a row, {total / 1e9:0.000} GB; aim: at most 150 B, 1.5 GB");
    }
}
