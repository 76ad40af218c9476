namespace SafeLoop.Testing;

// Queries: filters, and pages without loss or repetition.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>What is shown after a restart is what happened.</summary>
    [Fact]
    public async Task An_entry_comes_back_as_it_was_recorded_or_saved()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var entry = one.Entry(Slot(8).AddMicroseconds(1)) with
        {
            Key = "a",
            FirstSlot = Slot(2).AddMicroseconds(2),
            LongestElapsed = TimeSpan.FromMicroseconds(45_678_901),
            ErrorType = "System.InvalidOperationException",
            ErrorDetails = "System.InvalidOperationException: broken\n   at Nightly.RunAsync()",
            FencingToken = long.MaxValue,
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            Record = new()
            {
                Number = 42,
                Slot = Slot(8).AddMicroseconds(1),
                Started = Slot(9).AddMicroseconds(3),
                Elapsed = TimeSpan.FromMicroseconds(12_345_678_901),
                Outcome = IterationOutcome.Interrupted,
                Reason = OutcomeReason.LockLost,
                Count = 3,
                Error = "InvalidOperationException: broken",
            },
        };
        var manual = one.Entry(Slot(7)) with
        {
            Record = new() { Slot = Slot(7), Started = Slot(8), IsManual = true, Outcome = IterationOutcome.Succeeded },
        };
        await one.SaveAsync(entry, manual);
        Assert.Equal([entry, manual], await other.ReadAsync());

        var claimed = entry with { Key = "b", FirstSlot = null, Record = entry.Record with { Count = 1 } };
        Assert.True(await one.ClaimAsync(claimed.Record.Slot, "b"));
        Assert.Null(await one.Store.RecordAsync(claimed, isClaimed: true, default));
        Assert.Equal([claimed], await other.ReadAsync(new() { TaskName = StoreHost.Nightly, Key = "b" }));
    }

    /// <summary>Whenever they were saved.</summary>
    [Fact]
    public async Task Entries_come_with_the_newest_slot_first()
    {
        var host = await StartAsync();
        await host.LoadAsync("hourly");
        foreach (var n in (int[])[3, 1, 4, 0, 5, 2])
            await host.SaveAsync(host.Entry(Slot(n), task: n % 2 == 0 ? StoreHost.Nightly : "hourly"));

        Assert.Equal(
            Enumerable.Range(0, 6).Reverse().Select(Slot), (await host.ReadAsync(new())).Select(entry => entry.Record.Slot));
        Assert.Equal([Slot(4), Slot(2), Slot(0)], (await host.ReadAsync()).Select(entry => entry.Record.Slot));
    }

    /// <summary>One call has the last slots of all tasks, of those that run often and of those that run rarely.</summary>
    [Fact]
    public async Task The_last_entries_of_each_task_are_read_at_once()
    {
        var (host, other) = (await StartAsync(), await StartAsync(1, "-other"));
        await host.LoadAsync("hourly", "never", "keyed");
        await other.SaveAsync(other.Entry(Slot(50)));
        await host.SaveAsync(
        [
            .. Enumerable.Range(1, 40).Select(n => host.Entry(Slot(n), task: "hourly")),
            host.Entry(Slot(2), IterationOutcome.Failed),
            host.Entry(Slot(1)),
            .. Enumerable.Range(0, 5).Select(n => host.Entry(Slot(7), key: $"{n}", task: "keyed")),
        ]);

        var latest = await host.Store.QueryLatestAsync(3, default);

        foreach (var task in (string[])["hourly", StoreHost.Nightly, "never", "keyed"])
        {
            var page = await host.Store.QueryAsync(new() { TaskName = task, PageSize = 3 }, default);
            Assert.Equal(page.Entries, latest.Where(entry => entry.TaskName == task));
        }
        Assert.Equal(3 + 2 + 0 + 3, latest.Count);
    }

    /// <summary>A property that is null does not restrict.</summary>
    [Fact]
    public async Task Every_filter_restricts_and_filters_can_be_combined()
    {
        var host = await StartAsync();
        var entries = await SaveVariousAsync(host);
        HistoryQuery[] queries =
        [
            new(),
            new() { TaskName = "hourly" },
            new() { TaskName = "HOURLY" },
            new() { TaskName = "hourly", Key = "a" },
            new() { TaskName = "hourly", Key = "A" },
            new() { TaskName = "unknown" },
            new() { From = Slot(10) },
            new() { To = Slot(10) },
            new() { From = Slot(10), To = Slot(20) },
            new() { From = Slot(10), To = Slot(10) },
            new() { From = Slot(10).ToOffset(TimeSpan.FromHours(9)), To = Slot(20).ToOffset(TimeSpan.FromHours(-9)) },
            new() { From = Slot(10).AddMicroseconds(1), To = Slot(20).AddMicroseconds(1) },
            new() { Outcome = IterationOutcome.Failed },
            new() { Outcome = IterationOutcome.Succeeded },
            new() { Reason = OutcomeReason.Paused },
            new() { Reason = OutcomeReason.None },
            new() { OnlyUnsuccessful = true },
            new() { OnlyUnsuccessful = true, Outcome = IterationOutcome.Succeeded },
            new() { TaskName = "hourly", Key = "a", From = Slot(3), To = Slot(30), OnlyUnsuccessful = true },
            new() { TaskName = StoreHost.Nightly, Outcome = IterationOutcome.Skipped, Reason = OutcomeReason.LockHeld },
        ];

        foreach (var query in queries)
        {
            foreach (var size in (int[])[3, 50])
            {
                var expected = entries.Where(entry => Matches(entry, query)).OrderByDescending(entry => entry.Record.Slot);
                Assert.Equal(expected, await host.ReadAsync(query with { PageSize = size }));
                Assert.Equal(expected.Reverse(), await host.ReadAsync(query with { PageSize = size, OldestFirst = true }));
            }
        }
    }

    /// <summary>The last page has no cursor, and every other has one.</summary>
    [Fact]
    public async Task A_page_is_full_unless_it_is_the_last()
    {
        var host = await StartAsync();
        await host.SaveAsync([.. Enumerable.Range(0, 100).Select(n => host.Entry(Slot(n)))]);

        foreach (var size in (int[])[1, 7, 50, 99, 100, 101, 1_000])
        {
            var (sizes, query) = (new List<int>(), new HistoryQuery { TaskName = StoreHost.Nightly, PageSize = size });
            do
            {
                var page = await host.Store.QueryAsync(query, default);
                sizes.Add(page.Entries.Count);
                query = query with { Cursor = page.Cursor };
            }
            while (query.Cursor is not null);

            Assert.Equal(
                Enumerable.Range(0, 100).Chunk(size).Select(page => page.Length),
                sizes);
        }
    }

    /// <summary>A reader misses nothing and sees nothing twice while loops run.</summary>
    [Fact]
    public async Task Pages_lose_and_repeat_nothing_while_entries_are_added()
    {
        var host = await StartAsync();
        await host.SaveAsync([.. Enumerable.Range(0, 40).Select(n => host.Entry(Slot(n)))]);
        var (seen, query) = (new List<HistoryEntry>(), new HistoryQuery { TaskName = StoreHost.Nightly, PageSize = 6 });
        for (var round = 0; query.Cursor is not null || round == 0; round++)
        {
            var page = await host.Store.QueryAsync(query, default);
            seen.AddRange(page.Entries);
            query = query with { Cursor = page.Cursor };
            await host.SaveAsync(
                host.Entry(Slot(100 + round)), // newer than all
                host.Entry(page.Entries[^1].Record.Slot, IterationOutcome.Failed, key: $"{round}"), // as new as the last read
                host.Entry(page.Entries[0].Record.Slot.AddMicroseconds(-1), key: $"{round} within the page"));
        }

        var read = seen.Where(entry => entry.Key is null).Select(entry => entry.Record.Slot);
        Assert.Equal(Enumerable.Range(0, 40).Reverse().Select(Slot), read);
        Assert.Equal(seen.Count, seen.Select(entry => (entry.Record.Slot, entry.Key)).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(entry => entry.Record.Slot).Select(entry => entry.Record.Slot),
            seen.Select(entry => entry.Record.Slot));
    }

    /// <summary>All keys of a task may have the same slot.</summary>
    [Fact]
    public async Task Pages_lose_and_repeat_nothing_when_slots_are_equal()
    {
        var host = await StartAsync();
        for (var batch = 0; batch < 3; batch++)
            await host.SaveAsync([.. Enumerable.Range(0, 10).Select(n => host.Entry(Slot(n / 9), key: $"{batch} {n}"))]);

        foreach (var size in (int[])[1, 4, 10])
        {
            var read = await host.ReadAsync(new() { TaskName = StoreHost.Nightly, PageSize = size });
            Assert.Equal(30, read.Count);
            Assert.Equal(30, read.Select(entry => entry.Key).Distinct().Count());
        }
    }

    /// <summary>A cursor comes from a URL.</summary>
    [Fact]
    public async Task An_invalid_cursor_is_refused()
    {
        var host = await StartAsync();
        foreach (var cursor in (string[])["", "x", "9223372036854775808-1", "-1", "1 2 3", "';--", "\0", new string('9', 10_000)])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => host.Store.QueryAsync(new() { Cursor = cursor }, default).AsTask());
        }
    }

    private static async Task<List<HistoryEntry>> SaveVariousAsync(StoreHost host)
    {
        await host.LoadAsync("hourly");
        (IterationOutcome, OutcomeReason)[] ends =
        [
            (IterationOutcome.Succeeded, OutcomeReason.None), (IterationOutcome.Failed, OutcomeReason.None),
            (IterationOutcome.TimedOut, OutcomeReason.None), (IterationOutcome.Interrupted, OutcomeReason.LockLost),
            (IterationOutcome.Skipped, OutcomeReason.Paused), (IterationOutcome.Skipped, OutcomeReason.LockHeld),
        ];
        var entries = Enumerable.Range(0, 40).Select(n => host.Entry(
            Slot(n), ends[n % ends.Length].Item1, ends[n % ends.Length].Item2,
            key: (n % 7) switch { 0 => "a", 1 => "A", 2 => "b", _ => null }, task: n % 7 < 3 ? "hourly" : StoreHost.Nightly))
            .ToList();
        await host.SaveAsync([.. entries]);
        return entries;
    }

    private static bool Matches(HistoryEntry entry, HistoryQuery query) =>
        (query.TaskName is null || query.TaskName.Equals(entry.TaskName, StringComparison.OrdinalIgnoreCase))
        && (query.Key is null || query.Key == entry.Key)
        && !(entry.Record.Slot < query.From)
        && !(entry.Record.Slot >= query.To)
        && (query.Outcome is null || query.Outcome == entry.Record.Outcome)
        && (query.Reason is null || query.Reason == entry.Record.Reason)
        && !(query.OnlyUnsuccessful && entry.Record.Outcome is IterationOutcome.Succeeded);
}
