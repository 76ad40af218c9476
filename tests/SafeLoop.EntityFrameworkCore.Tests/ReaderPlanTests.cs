using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Pages of totals, keys, tasks and instances are read by an index, without a scan, a count or an offset.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ReaderPlanTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly PostgresDatabase _database = cluster.CreateDatabase();

    [Fact]
    public async Task No_page_is_read_by_a_scan_a_count_or_an_offset()
    {
        await FillAsync();
        var day = new TotalQuery { From = Calls.Slot.AddDays(-1), To = Calls.Slot };
        var samples = new SampleQuery { Instance = default, From = Calls.Slot.AddHours(-6), To = Calls.Slot };
        var cursor = new TotalRow { Hour = Micros.Of(Calls.Slot.AddHours(-5)), TaskId = 50, Outcome = IterationOutcome.Failed };
        (string Name, Func<DbContext, IQueryable> Query)[] queries =
        [
            ("day of all", db => TotalReader.Select(db, day, null, null).Take(1_001)),
            ("day of all, next page", db => TotalReader.Select(db, day, null, cursor).Take(1_001)),
            ("month of one", db => TotalReader.Select(db, day with { From = day.To.AddDays(-30) }, [7], null).Take(1_001)),
            ("keys", db => LoopReader.SelectKeys(db, 7, null, null).Take(51)),
            ("keys, next page", db => LoopReader.SelectKeys(db, 7, null, "key 5000").Take(51)),
            ("keys by prefix", db => LoopReader.SelectKeys(db, 7, "key 77", null).Take(51)),
            ("instances", db => InstanceReader.Select(db, "app").Take(51)),
            ("samples", db => SampleReader.Select(db, samples, 7, null).Take(361)),
            ("samples, next page", db => SampleReader.Select(db, samples, 7, Micros.Of(samples.From.AddHours(5))).Take(361)),
            ("gaps", db => GapReader.Select(db, "app", Micros.Of(day.From)).Take(1_000)),
            ("tasks", db => LoopReader.SelectTasks(db.Set<TaskRow>().Where(t => t.Application == "app"), "T5").Take(51)),
        ];
        foreach (var (name, query) in queries)
        {
            var plan = await _database.ExplainAsync(query);
            Assert.False(plan.Contains("Seq Scan", StringComparison.Ordinal), $"{name}\n{plan}");
            Assert.False(plan.Contains("Aggregate", StringComparison.Ordinal), $"{name}\n{plan}");
            Assert.False(plan.Contains("OFFSET", StringComparison.Ordinal), $"{name}\n{plan}");
        }
    }

    [Fact]
    public async Task A_deletion_of_samples_reads_the_oldest_minutes_by_an_index()
    {
        await FillAsync();
        var plan = await _database.ExplainAsync(
            db => Retention.OldestSamples(Retention.Samples(db, "app", Micros.Of(Calls.Slot.AddDays(-1)))));

        Assert.DoesNotContain("Seq Scan on safeloop_sample", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    private async Task FillAsync()
    {
        await _database.CreateStore().ConnectAsync();
        var hour = Micros.Of(Calls.Slot) / 3_600_000_000;
        _database.Execute($"""
            INSERT INTO safeloop_total (hour, task_id, outcome, reason, slots, elapsed, longest_elapsed, max_lateness)
            SELECT ({hour} - n / 100) * 3600000000::bigint, n % 100 + 1, 1, 0, 60, 1000, 10, 1 FROM generate_series(0, 99999) n
            """);
        _database.Execute("""
            INSERT INTO safeloop_loop
                (task_id, key_text, last_outcome, failures, succeeded, failed, timed_out, interrupted, skipped)
            SELECT n % 10 + 1, 'key ' || n, 2, 1, 0, 1, 0, 0, 0 FROM generate_series(1, 100000) n
            """);
        _database.Execute("""
            INSERT INTO safeloop_task (application, name, normalized_name, is_keyed, schedule, first_seen, last_seen)
            SELECT 'app', 't' || n, 'T' || n, false, '', 0, 0 FROM generate_series(1, 5000) n
            """);
        _database.Execute("""
            INSERT INTO safeloop_instance (id, application, host, process_id, state, started, heartbeat, batch)
            SELECT gen_random_uuid(), 'app', 'h', 1, 0, 0, 0, 0 FROM generate_series(1, 5000) n
            """);
        _database.Execute($"""
            INSERT INTO safeloop_sample (instance, loops, minute, heap_size, heap_limit)
            SELECT n % 50 + 1, 12, ({hour} * 60 - n / 50) * 60000000::bigint, 100000000 + n, 1000000000
            FROM generate_series(0, 199999) n
            """);
        _database.Execute($"""
            INSERT INTO safeloop_gap
                (id, instance, application, first_ended, last_ended, succeeded, failed, timed_out, interrupted, skipped)
            SELECT n, 1, 'app', ({hour} - n) * 3600000000::bigint, ({hour} - n) * 3600000000::bigint, 1, 0, 0, 0, 0
            FROM generate_series(1, 20000) n
            """);
        _database.Execute("ANALYZE");
    }
}
