using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Reading: what pages and tools show of instances, totals, tasks and keys.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>Instances are there with their heartbeats, whether they run or have ended.</summary>
    [Fact]
    public async Task Instances_are_read_with_their_state_the_last_started_first()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await StartAsync(2, "-other");
        await one.Store.DisconnectAsync(one.Id, default);
        var now = (await other.SendHeartbeatAsync()).Now;

        var instances = await other.Store.QueryInstancesAsync(default);

        Assert.Equal([other.Id, one.Id], instances.Select(instance => instance.Id));
        Assert.Equal(("contract", 1, "1.2.3"), (instances[0].Host, instances[0].ProcessId, instances[0].Version));
        Assert.Equal((RecurringTaskInstanceState.Running, null), (instances[0].State, instances[0].Ended));
        Assert.Equal(RecurringTaskInstanceState.Stopped, instances[1].State);
        Assert.Equal(now, instances[0].LastHeartbeat);
        Assert.InRange(instances[1].Ended!.Value, instances[1].Started, now);
    }

    /// <summary>Totals come in pages, of one task or of all, in a range of hours.</summary>
    [Fact]
    public async Task Totals_are_read_by_task_and_range_in_pages()
    {
        var host = await StartAsync();
        await host.LoadAsync(StoreHost.Nightly, "hourly");
        await (await StartAsync(1, "-other")).SaveAsync(host.Batch() with { Totals = [TotalOf(StoreHost.Nightly, 0, 9)] });
        await host.SaveAsync(host.Batch() with
        {
            Totals =
            [
                .. from task in (string[])[StoreHost.Nightly, "hourly"] from hour in Enumerable.Range(0, 5)
                   select TotalOf(task, hour, hour + 1),
                TotalOf(StoreHost.Nightly, 4, 1) with { Outcome = IterationOutcome.Skipped, Reason = OutcomeReason.Paused },
            ],
        });

        var query = new TotalQuery { From = First.AddHours(1).AddMinutes(59), To = First.AddHours(5), PageSize = 3 };
        var all = await ReadTotalsAsync(host.Store, query);
        var one = await ReadTotalsAsync(host.Store, query with { TaskName = "NIGHTLY", To = First.AddHours(3) });

        Assert.Equal(9, all.Count);
        Assert.Equal(all.OrderByDescending(total => total.Hour), all);
        Assert.Equal(9, all.Distinct().Count());
        Assert.Equal(
            [TotalOf(StoreHost.Nightly, 2, 3), TotalOf(StoreHost.Nightly, 1, 2)], one);
        Assert.Empty(await ReadTotalsAsync(host.Store, query with { TaskName = "unknown" }));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await host.Store.QueryTotalsAsync(query with { Cursor = "x" }, default));
    }

    /// <summary>Tasks are read by name, also those that no host has any more.</summary>
    [Fact]
    public async Task Stored_tasks_are_read_in_pages_and_by_their_condition()
    {
        var host = await StartAsync();
        await host.LoadAsync("a", "B", "c");
        await host.Store.AddCommandAsync(
            new() { TaskName = "b", Kind = TaskCommandKind.Pause, Reason = "release", By = "Ann" }, default);
        await host.SaveAsync(new LoopChange { Loop = StoreHost.Loop(task: "c") with { ConsecutiveFailures = 2 } });

        var all = await ReadLoopsAsync(host.Store, new() { PageSize = 2 });
        var paused = await ReadLoopsAsync(host.Store, new() { Filter = LoopFilter.Paused });
        var failing = await ReadLoopsAsync(host.Store, new() { Filter = LoopFilter.Failing });

        Assert.Equal(["a", "B", "c", StoreHost.Nightly], all.Select(loop => loop.TaskName));
        Assert.All(all, loop => Assert.Equal((null, "every minute"), (loop.Key, loop.Schedule)));
        Assert.Equal(("B", "release"), (Assert.Single(paused).TaskName, paused[0].Pause!.Reason));
        Assert.Equal("c", Assert.Single(failing).TaskName);
    }

    /// <summary>Keys are read by the beginning of their text.</summary>
    [Fact]
    public async Task Stored_keys_are_read_in_pages_by_their_beginning_and_condition()
    {
        var host = await StartAsync();
        string[] keys = ["", "=", "=a", "a", "a%", "a1", "a1=", "a1é", "a1😀", "a2", "b", "A1"];
        await host.SaveAsync([.. keys.Select((key, at) => new LoopChange
        {
            Loop = StoreHost.Loop(key) with
            {
                ConsecutiveFailures = 1 + at,
                Pause = at % 2 == 0 ? null : new() { Reason = "calm", Since = Slot(1) },
            },
            HasPauseChanged = true,
        })]);
        var query = new LoopQuery { TaskName = "NIGHTLY", PageSize = 2 };

        foreach (var prefix in (string?[])[null, "", "=", "a", "a1", "a%", "c"])
        {
            var found = await ReadLoopsAsync(host.Store, query with { Prefix = prefix });
            Assert.Equal(
                keys.Where(key => key.StartsWith(prefix ?? "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                found.Select(loop => loop.Key).Order(StringComparer.Ordinal));
        }
        var paused = await ReadLoopsAsync(host.Store, query with { Prefix = "a", Filter = LoopFilter.Paused });
        Assert.Equal(
            keys.Where((key, at) => key.StartsWith('a') && at % 2 != 0).Order(), paused.Select(loop => loop.Key).Order());
        Assert.Empty(await ReadLoopsAsync(host.Store, query with { TaskName = "unknown" }));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await host.Store.QueryLoopsAsync(query with { Cursor = "?" }, default));
    }

    private static HourlyTotal TotalOf(string task, int hour, long count) => new()
    {
        TaskName = task,
        Hour = First.AddHours(hour),
        Outcome = IterationOutcome.Succeeded,
        Count = count,
        Elapsed = TimeSpan.FromSeconds(count),
        LongestElapsed = TimeSpan.FromSeconds(1),
        MaxLateness = TimeSpan.FromMilliseconds(hour),
    };

    private static async Task<List<HourlyTotal>> ReadTotalsAsync(IRecurringTaskStore store, TotalQuery query)
    {
        var totals = new List<HourlyTotal>();
        while (true)
        {
            var page = await store.QueryTotalsAsync(query, default);
            Assert.InRange(page.Totals.Count, 0, query.PageSize);
            totals.AddRange(page.Totals);
            if (page.Cursor is null)
                return totals;
            query = query with { Cursor = page.Cursor };
        }
    }

    private static async Task<List<StoredLoop>> ReadLoopsAsync(IRecurringTaskStore store, LoopQuery query)
    {
        var loops = new List<StoredLoop>();
        while (true)
        {
            var page = await store.QueryLoopsAsync(query, default);
            Assert.InRange(page.Loops.Count, 0, query.PageSize);
            loops.AddRange(page.Loops);
            if (page.Cursor is null)
                return loops;
            query = query with { Cursor = page.Cursor };
        }
    }
}
