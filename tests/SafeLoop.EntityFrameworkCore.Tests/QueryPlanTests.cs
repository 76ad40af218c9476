using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Each query of the history reads what it shows and little more, whatever the size of the table.</summary>
[Collection(PostgresCollection.Name)]
public sealed class QueryPlanTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const int MostPages = 100; // of some 5,000

    private static readonly long Middle = Micros.Of(Calls.Slot.AddDays(-15));

    private readonly PostgresDatabase _database = cluster.CreateDatabase();

    [Fact]
    public async Task No_page_of_the_history_is_read_by_a_scan_a_count_or_an_offset()
    {
        await FillAsync();
        var middle = Micros.ToInstant(Middle);
        int[] one = [7], many = [.. Enumerable.Range(1, 50)];
        (int[]? Tasks, HistoryQuery Query)[] queries =
        [
            .. from tasks in (int[]?[])[null, many]
               from query in (HistoryQuery[])
               [
                   new(), new() { OnlyUnsuccessful = true }, new() { Outcome = IterationOutcome.Failed },
                   new() { From = middle, To = middle.AddHours(1) },
               ]
               select (tasks, query),
            (one, new()),
            (one, new() { OnlyUnsuccessful = true }),
            (one, new() { Outcome = IterationOutcome.Failed }),
            (one, new() { To = middle }),
            (one, new() { From = middle, OldestFirst = true, PageSize = 2 }),
            (one, new() { Key = "key 7" }),
        ];
        foreach (var (tasks, query) in queries)
        {
            foreach (var cursor in ((long, long)?[])[null, (Middle, long.MaxValue)])
            {
                var plan = await _database.ExplainAsync(
                    db => HistoryReader.Select(db, query, tasks, cursor).Take(query.PageSize + 1));
                Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("Aggregate", plan, StringComparison.Ordinal);
                var most = tasks == many ? 2 * MostPages : MostPages; // half of the rows are those of another application
                Assert.True(PagesOf(plan) <= most, $"{query}\n{plan}");
            }
        }
    }

    [Fact]
    public async Task A_page_of_failures_reads_no_row_that_was_skipped()
    {
        await FillAsync();
        foreach (var tasks in (int[]?[])[null, [7]])
        {
            var query = new HistoryQuery { Outcome = IterationOutcome.Failed };
            var plan = await _database.ExplainAsync(
                db => HistoryReader.Select(db, query, tasks, cursor: null).Take(query.PageSize + 1));
            Assert.DoesNotContain("Rows Removed by Filter", plan, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_last_entries_of_all_tasks_are_read_by_an_index_for_each_task()
    {
        await FillAsync();
        await FillCommandsAsync(); // with the tasks

        var plan = await _database.ExplainAsync(db =>
            HistoryReader.SelectLatest(db, db.Set<TaskRow>().Where(t => t.Application == "tests"), 30));

        Assert.DoesNotContain("Seq Scan on safeloop_history", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("WindowAgg", plan, StringComparison.Ordinal);
        Assert.True(PagesOf(plan) <= 50 * 40, plan); // 50 tasks, whose rows are on different pages
    }

    [Fact]
    public async Task Whether_an_outcome_is_recorded_is_read_by_an_index()
    {
        await FillAsync();
        var entry = Calls.Entry(Guid.NewGuid(), Micros.ToInstant(Middle));

        foreach (var key in (string?[])[null, "key 7"])
        {
            var plan = await _database.ExplainAsync(db => Claims.Recorded(db, entry with { Key = key }, taskId: 7, instance: 1));
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
            Assert.True(PagesOf(plan) <= 10, plan);
        }
    }

    [Fact]
    public async Task A_deletion_reads_the_rows_that_it_deletes()
    {
        await FillAsync();
        var successes = await _database.ExplainAsync(
            db => Retention.Oldest(Retention.Successes(db.Set<HistoryRow>(), 0, Middle)));
        Check(successes);

        var failures = await _database.ExplainAsync(db => Retention.Oldest(Retention.Others(db.Set<HistoryRow>(), Middle)));
        Check(failures); // one of 25 rows has failed or was skipped, and a thousand of them are on most of the pages

        static void Check(string plan)
        {
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
            Assert.True(PagesOf(plan) <= 3 * MostPages, plan);
        }
    }

    [Fact]
    public async Task No_page_of_the_log_of_commands_is_read_by_a_scan_a_count_or_an_offset()
    {
        await FillCommandsAsync();
        foreach (var task in (int?[])[null, 8])
        {
            foreach (var before in (long[])[long.MaxValue, 25_000])
            {
                var plan = await _database.ExplainAsync(db => CommandLog.Newest(
                    CommandLog.Select(db, task, before), db.Set<TaskRow>().Where(t => t.Application == "tests")).Take(51));
                Assert.DoesNotContain("Seq Scan on safeloop_command", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("Aggregate", plan, StringComparison.Ordinal);
                // Half of the commands are those of another application, and each reads two pages of tasks.
                Assert.True(PagesOf(plan) <= 3 * MostPages, plan);
            }
        }
        Guid[] page = [.. (await _database.ReadAsync(db => CommandLog.Select(db, null, 25_000).OrderByDescending(c => c.Number)
            .Take(50).ToListAsync())).Select(row => row.Id)];
        var results = await _database.ExplainAsync(db => CommandLog.Results(db, "tests", page));
        Assert.DoesNotContain("Seq Scan", results, StringComparison.Ordinal);
        Assert.True(PagesOf(results) <= 5 * page.Length, results);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    // 200,000 rows of 100 tasks in 30 days: 1 % failed, 3 % skipped, 10 % of keys.
    private async Task FillAsync()
    {
        await _database.CreateStore().ConnectAsync();
        var end = Micros.Of(Calls.Slot);
        _database.Execute($"""
            INSERT INTO safeloop_history (slot, id, late, elapsed, task_id, iteration, outcome, reason, key_text)
            SELECT {end} - (200000 - n) * 12960000::bigint, (1::bigint << 32) | n, 0, 1000, n % 100 + 1, n,
                CASE WHEN n % 97 = 0 THEN 2 WHEN n % 31 = 0 THEN 5 ELSE 1 END, 0,
                CASE WHEN n % 10 = 0 THEN 'key ' || n % 13 END
            FROM generate_series(1, 200000) n
            """);
        _database.Execute("VACUUM ANALYZE safeloop_history");
    }

    // 50,000 commands of 100 tasks of two applications, each with the results of two hosts. Task 8 is one of "tests".
    private async Task FillCommandsAsync()
    {
        await _database.CreateStore().ConnectAsync();
        _database.Execute("""
            INSERT INTO safeloop_task (application, name, normalized_name, is_keyed, schedule, first_seen, last_seen)
            SELECT CASE n % 2 WHEN 1 THEN 'tests' ELSE 'other' END, 'task ' || n, 'TASK ' || n, false, '', 0, 0
            FROM generate_series(1, 100) n;
            INSERT INTO safeloop_command (application, id, number, task_id, kind, sent, expires, sent_from)
            SELECT CASE n % 2 WHEN 1 THEN 'tests' ELSE 'other' END, md5(n::text)::uuid, n, n % 100 + 1, 1, n, n, md5('')::uuid
            FROM generate_series(1, 50000) n;
            INSERT INTO safeloop_command_result (application, command_id, instance, host, ended, is_executed, text)
            SELECT CASE n % 2 WHEN 1 THEN 'tests' ELSE 'other' END, md5(n::text)::uuid, md5(host::text)::uuid, 'host', n, true,
                'paused'
            FROM generate_series(1, 50000) n, generate_series(1, 2) host
            """);
        foreach (var table in (string[])["task", "command", "command_result"])
            _database.Execute($"VACUUM ANALYZE safeloop_{table}");
    }

    // The first line of buffers is the sum of all steps; that of planning comes last.
    private static int PagesOf(string plan) => plan.Split('\n')
        .First(line => line.Contains("Buffers:", StringComparison.Ordinal)).Split(' ')
        .Where(part => part.StartsWith("hit=", StringComparison.Ordinal) || part.StartsWith("read=", StringComparison.Ordinal))
        .Sum(part => int.Parse(part.Split('=')[1], CultureInfo.InvariantCulture));
}
