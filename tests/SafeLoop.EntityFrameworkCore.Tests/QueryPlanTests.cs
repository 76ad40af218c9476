using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Each query of the history reads what it shows and little more, whatever the size of the table.</summary>
[Collection(PostgresCollection.Name)]
public sealed class QueryPlanTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const int MostPages = 64;

    private readonly PostgresDatabase _database = cluster.CreateDatabase();

    [Fact]
    public async Task No_page_of_the_history_is_read_by_a_scan_a_count_or_an_offset()
    {
        var parts = await FillAsync();
        var middle = Micros.ToInstant(Middle);
        HistoryQuery[] queries =
        [
            new(),
            new() { OnlyUnsuccessful = true },
            new() { Outcome = IterationOutcome.Failed },
            new() { From = middle, To = middle.AddHours(1) },
            new() { TaskName = "task 7" },
            new() { TaskName = "task 7", OnlyUnsuccessful = true },
            new() { TaskName = "task 7", Outcome = IterationOutcome.Failed },
            new() { TaskName = "task 7", To = middle },
            new() { TaskName = "task 7", From = middle, OldestFirst = true, PageSize = 2 },
            new() { TaskName = "task 7", Key = "key 7" },
        ];
        foreach (var query in queries)
        {
            foreach (var cursor in ((long, long)?[])[null, (Middle, long.MaxValue)])
            {
                var plan = await ExplainAsync(parts, query, cursor);
                Assert.DoesNotContain("Seq Scan on safeloop_history", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("OFFSET", plan, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Aggregate", plan, StringComparison.Ordinal);
                Assert.True(PagesOf(plan) <= MostPages, $"{query}\n{plan}");
            }
        }
    }

    [Fact]
    public async Task A_claim_is_found_and_a_batch_recognized_by_a_key()
    {
        var parts = await FillAsync();
        var isRecorded = await ExplainAsync(db => db.Set<HistoryRow>().Where(h => h.TaskId == 7 && h.KeyText == null
            && h.Slot == Middle && h.Instance == 1));

        Assert.DoesNotContain("Seq Scan", isRecorded, StringComparison.Ordinal);
        Assert.NotNull(parts);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    private static readonly long Middle = Micros.Of(Calls.Slot.AddDays(-15));

    // 200,000 rows of 100 tasks in 30 days: 1 % failed, 3 % skipped, 10 % of keys.
    private async Task<TaskCatalog> FillAsync()
    {
        var store = _database.CreateStore();
        await store.ConnectAsync();
        var end = Micros.Of(Calls.Slot);
        _database.Execute($"""
            INSERT INTO safeloop_task (application, name, normalized_name, is_keyed, schedule, first_seen, last_seen)
            SELECT 'tests', 'task ' || n, 'TASK ' || n, false, '', 0, 0 FROM generate_series(1, 99) n;
            INSERT INTO safeloop_history (id, slot, started, elapsed, task_id, instance, iteration, outcome, reason, key_text)
            SELECT n, {end} - (200000 - n) * 12960000::bigint, {end} - (200000 - n) * 12960000::bigint, 1000, n % 100 + 1, 1, n,
                CASE WHEN n % 97 = 0 THEN 2 WHEN n % 31 = 0 THEN 5 ELSE 1 END, 0,
                CASE WHEN n % 10 = 0 THEN 'key ' || n % 13 END
            FROM generate_series(1, 200000) n;
            VACUUM ANALYZE safeloop_history;
            """);
        var database = new StoreDatabase(new DbContextOptionsBuilder<StoreContext>().Options, null!, ownsTables: true);
        return new TaskCatalog(database, new RowIds(TimeProvider.System), "tests");
    }

    private Task<string> ExplainAsync(TaskCatalog tasks, HistoryQuery query, (long Slot, long Id)? cursor) => ExplainAsync(db =>
    {
        var name = query.TaskName is null ? null : TaskCatalog.Normalize(query.TaskName);
        var id = name is null ? (int?)null : db.Set<TaskRow>().Where(t => t.NormalizedName == name).Select(t => t.Id).Single();
        return HistoryReader.Select(db, tasks, query, id, cursor).Take(query.PageSize + 1);
    });

    private async Task<string> ExplainAsync(Func<DbContext, IQueryable<HistoryRow>> query) => await _database.ReadAsync(async db =>
    {
        await using var command = query(db).CreateDbCommand();
        command.CommandText = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) " + command.CommandText;
        await db.Database.OpenConnectionAsync();
        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
            plan.Add(rows.GetString(0));
        return string.Join('\n', plan);
    });

    // The first line of buffers is the sum; those of planning come later.
    private static int PagesOf(string plan) => plan.Split('\n').First(line => line.Contains("Buffers:", StringComparison.Ordinal))
        .Split(' ').Where(part => part.StartsWith("hit=", StringComparison.Ordinal) || part.StartsWith("read=", StringComparison.Ordinal))
        .Sum(part => int.Parse(part.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture));
}
