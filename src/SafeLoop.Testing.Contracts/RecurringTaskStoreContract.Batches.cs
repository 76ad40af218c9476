using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Batches: a number is saved once, and counts are added.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>The answer of the commit may be lost; then the same batch comes again.</summary>
    [Fact]
    public async Task A_batch_that_is_saved_again_changes_nothing()
    {
        var host = await StartAsync();
        var batch = FullBatch(host, number: 1);
        await host.Store.SaveAsync(batch, default);
        await host.Store.SaveAsync(batch, default);
        await AssertSavedOnceAsync(host);

        await host.Store.SaveAsync(host.Batch(number: 2), default); // an empty one is a batch too
        await host.Store.SaveAsync(batch, default);
        await AssertSavedOnceAsync(host);
    }

    /// <summary>The first call is still under way when its caller gives up and tries again.</summary>
    [Fact]
    public async Task A_batch_that_is_saved_several_times_at_once_is_saved_once()
    {
        var host = await StartAsync();
        var batch = FullBatch(host, number: 1);
        await RaceAsync(Enumerable.Repeat(host, 8), async one =>
        {
            await one.Store.SaveAsync(batch, default);
            return true;
        });

        await AssertSavedOnceAsync(host);
    }

    /// <summary>Each host counts its own batches.</summary>
    [Fact]
    public async Task Batches_of_different_hosts_with_the_same_number_are_all_saved()
    {
        var hosts = await StartAllAsync(3);
        foreach (var host in hosts)
            await host.Store.SaveAsync(host.Batch(number: 1) with { History = [host.Entry(Slot(0))] }, default);

        Assert.Equal(hosts.Select(host => host.Id).Order(), (await hosts[0].ReadAsync()).Select(entry => entry.Instance).Order());
    }

    /// <summary>Every replica counts what it has run.</summary>
    [Fact]
    public async Task Counts_and_totals_are_added_however_many_hosts_save_at_once()
    {
        var hosts = await StartAllAsync(4);
        await RaceAsync(hosts, async host =>
        {
            for (var number = 1; number <= 10; number++)
            {
                var batch = FullBatch(host, number);
                await InsistAsync(async () =>
                {
                    await host.Store.SaveAsync(batch, default);
                    return true;
                });
            }
            return true;
        });

        foreach (var key in (string?[])[null, "a"])
            Assert.Equal(new OutcomeCounts { Succeeded = 40, Failed = 80 }, (await hosts[0].FindAsync(key))?.Counts);
        var total = Assert.Single(await ReadTotalsAsync(hosts[0].Store, StoreHost.Nightly));
        Assert.Equal((40L, TimeSpan.FromSeconds(120)), (total.Count, total.Elapsed));
        Assert.Equal(40, (await hosts[0].ReadAsync()).Count);
    }

    /// <summary>The state is the one that was saved last.</summary>
    [Fact]
    public async Task The_whole_state_of_a_loop_comes_back()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var state = new StoredLoop
        {
            TaskName = StoreHost.Nightly,
            Key = "a",
            Schedule = "at 03:00 in Europe/Berlin",
            LastSlot = Slot(3).AddMicroseconds(1),
            LastEnded = Slot(4).AddMicroseconds(2),
            LastOutcome = IterationOutcome.TimedOut,
            LastSuccess = Slot(1).AddMicroseconds(3),
            ConsecutiveFailures = 3,
            Counts = new() { Succeeded = 1, Failed = 2, TimedOut = 3, Interrupted = 4, Skipped = 5 },
            Pause = new() { Reason = "release", By = "Ann", Since = Slot(5).AddMicroseconds(4), Until = Slot(6) },
            End = LoopEnd.StoppedByStep,
            EndReason = "all is done",
        };
        await one.SaveAsync(
            new LoopChange { Loop = state, HasPauseChanged = true, HasEndChanged = true },
            new LoopChange { Loop = state with { Key = null }, HasPauseChanged = true, HasEndChanged = true });

        Assert.Equal(state, await other.FindAsync("a"));
        Assert.Equal(state with { Key = null }, await other.FindAsync());

        var next = state with { Schedule = "every hour", LastOutcome = IterationOutcome.Succeeded, ConsecutiveFailures = 0 };
        await other.SaveAsync(new LoopChange { Loop = next with { Counts = new() { Succeeded = 1 } } });
        Assert.Equal(
            next with { Counts = state.Counts.Add(IterationOutcome.Succeeded, 1) }, await one.FindAsync("a"));
    }

    /// <summary>A host that has had no success since its start has forgotten none.</summary>
    [Fact]
    public async Task The_schedule_and_the_last_success_stay_unless_a_change_has_them()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var loop = StoreHost.Loop() with { Schedule = "every hour", LastSuccess = Slot(1) };
        await one.SaveAsync(new LoopChange { Loop = loop });
        await other.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(3) } });
        Assert.Equal(loop with { LastSlot = Slot(3) }, await one.FindAsync());

        await other.SaveAsync(new LoopChange { Loop = loop with { Schedule = "every day", LastSuccess = Slot(2) } });
        Assert.Equal(loop with { Schedule = "every day", LastSuccess = Slot(2), LastSlot = Slot(3) }, await one.FindAsync());
    }

    /// <summary>A replica that does not know of a pause does not end it.</summary>
    [Fact]
    public async Task A_pause_stays_unless_a_change_says_that_it_has_changed()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var pause = new TaskPause { Reason = "release", Since = Slot(0) };
        foreach (var key in (string?[])[null, "a"])
        {
            var loop = StoreHost.Loop(key);
            await one.SaveAsync(new LoopChange { Loop = loop with { Pause = pause }, HasPauseChanged = true });
            await other.SaveAsync(new LoopChange { Loop = loop });
            Assert.Equal(pause, (await other.FindAsync(key))!.Pause);

            await other.SaveAsync(new LoopChange { Loop = loop with { Pause = pause with { Reason = "other" } } });
            Assert.Equal(pause, (await other.FindAsync(key))!.Pause);

            var next = pause with { By = "Ann" };
            await other.SaveAsync(new LoopChange { Loop = loop with { Pause = next }, HasPauseChanged = true });
            Assert.Equal(next, (await one.FindAsync(key))!.Pause);

            await one.SaveAsync(new LoopChange { Loop = loop, HasPauseChanged = true });
            Assert.Null((await other.FindAsync(key))!.Pause);
        }
    }

    /// <summary>A replica that is behind does not set a loop back.</summary>
    [Fact]
    public async Task The_last_slot_moves_only_forward()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(5) } });
        await other.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(4) } });
        Assert.Equal(Slot(5), (await one.FindAsync())?.LastSlot);

        await other.SaveAsync(new LoopChange { Loop = StoreHost.Loop() });
        Assert.Equal(Slot(5), (await one.FindAsync())?.LastSlot);

        Assert.True(await other.ClaimAsync(Slot(7)));
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(6) } });
        Assert.Equal(Slot(7), (await one.FindAsync())?.LastSlot);
    }

    /// <summary>A million keys that come and go leave no rows.</summary>
    [Fact]
    public async Task A_key_that_is_forgotten_has_no_row_and_starts_again()
    {
        var host = await StartAsync();
        var loop = StoreHost.Loop("a") with { ConsecutiveFailures = 2, Counts = new() { Failed = 2 } };
        await host.SaveAsync(new LoopChange { Loop = loop }, new LoopChange { Loop = loop with { Key = "b" } });
        await host.SaveAsync(new LoopChange { Loop = StoreHost.Loop("a"), IsForgotten = true });
        Assert.Null(await host.FindAsync("a"));
        Assert.Equal(loop with { Key = "b" }, await host.FindAsync("b"));

        await host.SaveAsync(new LoopChange { Loop = StoreHost.Loop("never stored"), IsForgotten = true });
        await host.SaveAsync(new LoopChange { Loop = loop });
        Assert.Equal(loop, await host.FindAsync("a"));
        Assert.Null(await host.FindAsync("never stored"));
    }

    /// <summary>After an outage a batch is large.</summary>
    [Fact]
    public async Task A_large_batch_is_saved_whole()
    {
        var host = await StartAsync();
        await host.SaveAsync(host.Batch() with
        {
            History = [.. Enumerable.Range(0, 2_000).Select(n => host.Entry(Slot(n), key: $"{n % 7}"))],
            Loops = [.. Enumerable.Range(0, 500).Select(n => new LoopChange
            {
                Loop = StoreHost.Loop($"{n}") with { LastSlot = Slot(n) },
            })],
        });

        Assert.Equal(
            Enumerable.Range(0, 2_000).Reverse().Select(Slot), (await host.ReadAsync()).Select(entry => entry.Record.Slot));
        Assert.Equal(501, (await host.LoadAsync(StoreHost.Nightly)).Count);
    }

    private static StoreBatch FullBatch(StoreHost host, long number) => host.Batch(number) with
    {
        History = [host.Entry(Slot((int)number))],
        Loops =
        [
            new() { Loop = StoreHost.Loop() with { Counts = new() { Succeeded = 1, Failed = 2 } } },
            new() { Loop = StoreHost.Loop("a") with { Counts = new() { Succeeded = 1, Failed = 2 } } },
        ],
        Totals = [Total(Slot(0), count: 1, elapsed: 3)],
        Gap = new() { From = Slot(0), To = Slot(1), Missing = new() { Succeeded = number } },
    };

    private async Task AssertSavedOnceAsync(StoreHost host)
    {
        Assert.Single(await host.ReadAsync());
        Assert.Equal(new OutcomeCounts { Succeeded = 1, Failed = 2 }, (await host.FindAsync())?.Counts);
        Assert.Equal(new OutcomeCounts { Succeeded = 1, Failed = 2 }, (await host.FindAsync("a"))?.Counts);
        Assert.Equal(1, Assert.Single(await ReadTotalsAsync(host.Store, StoreHost.Nightly)).Count);
        Assert.Single(await ReadGapsAsync(host.Store));
    }
}
