using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Retention and erasure: what is deleted, and what is not.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>Successes are many and soon dull.</summary>
    [Fact]
    public async Task Successes_and_other_outcomes_are_kept_for_different_times()
    {
        var host = await StartAsync();
        await SaveAllOutcomesAsync(host);
        await AdvanceAsync(LostAfter);
        await SaveAllOutcomesAsync(host);

        await DeleteAsync(host, new() { Successes = LostAfter / 2, Others = LostAfter * 100 });
        Assert.Equal(Enum.GetValues<IterationOutcome>().Length * 2 - 3, (await host.ReadAsync()).Count);
        Assert.Single(await host.ReadAsync(new() { Outcome = IterationOutcome.Succeeded }));

        await DeleteAsync(host, new() { Successes = LostAfter / 2, Others = LostAfter / 2 });
        Assert.Equal(Enum.GetValues<IterationOutcome>().Length - 1, (await host.ReadAsync()).Count);
    }

    /// <summary>A deletion is many small ones.</summary>
    [Fact]
    public async Task Repeated_calls_delete_everything_that_is_old()
    {
        var host = await StartAsync();
        var slot = (await host.SendHeartbeatAsync()).Now;
        for (var n = 0; n < 3; n++)
        {
            await host.SaveAsync([.. Enumerable.Range(0, 1_000).Select(i => host.Entry(
                slot.AddMicroseconds(-i), i % 2 == 0 ? IterationOutcome.Failed : IterationOutcome.Succeeded))]);
        }
        await AdvanceAsync(LostAfter);
        await host.SaveAsync(host.Entry((await host.SendHeartbeatAsync()).Now));

        await DeleteAsync(host, new() { Successes = LostAfter / 2, Others = LostAfter / 2 });
        Assert.Single(await host.ReadAsync());
    }

    /// <summary>Charts reach back further than history.</summary>
    [Fact]
    public async Task Totals_are_kept_for_a_time_of_their_own()
    {
        var host = await StartAsync();
        var now = (await host.SendHeartbeatAsync()).Now;
        now -= new TimeSpan(now.Ticks % TimeSpan.TicksPerHour);
        var (recent, old) = (Total(now.AddDays(-1), 1), Total(now.AddDays(-3), 2));
        await host.SaveAsync(host.Batch() with { Totals = [recent, old] });

        await DeleteAsync(host, new() { Successes = TimeSpan.FromHours(1), Others = TimeSpan.FromHours(1) });
        Assert.Equal(2, (await ReadTotalsAsync(host.Store, StoreHost.Nightly)).Count);
        await DeleteAsync(host, new() { Totals = TimeSpan.FromDays(2) });
        Assert.Equal([recent], await ReadTotalsAsync(host.Store, StoreHost.Nightly));
    }

    /// <summary>State is not history.</summary>
    [Fact]
    public async Task States_and_pauses_and_the_last_slot_are_never_deleted()
    {
        var host = await StartAsync();
        var loop = StoreHost.Loop() with
        {
            Schedule = "every minute",
            Counts = new() { Succeeded = 7 },
            Pause = new() { Reason = "release", Since = Slot(0) },
        };
        await host.SaveAsync(
            new LoopChange { Loop = loop, HasPauseChanged = true },
            new LoopChange { Loop = loop with { Key = "a" }, HasPauseChanged = true });
        Assert.Null(await host.SkipAsync(Slot(3)));
        await AdvanceAsync(LostAfter);
        await DeleteAsync(host, new() { Successes = default, Others = default, Totals = default });

        var skipped = loop with
        {
            LastSlot = Slot(3),
            LastEnded = Slot(3),
            LastOutcome = IterationOutcome.Skipped,
            Counts = loop.Counts with { Skipped = 1 },
        };
        Assert.Equal(skipped, await host.FindAsync());
        Assert.Equal(loop with { Key = "a" }, await host.FindAsync("a"));
        Assert.False(await host.ClaimAsync(Slot(3)));
    }

    /// <summary>An instance that is deleted would leave its claims for ever.</summary>
    [Fact]
    public async Task An_instance_that_is_alive_or_has_a_claim_is_not_deleted()
    {
        var (alive, silent, other) = (await StartAsync(0), await StartAsync(1), await StartAsync(2));
        Assert.True(await silent.ClaimAsync(Slot(0)));
        await AdvanceAsync(LostAfter * 1.3);
        await alive.ConnectAsync(); // a heartbeat that marks no host as lost
        await other.ConnectAsync();
        await DeleteAsync(other, new() { Successes = LostAfter, Others = LostAfter });

        Assert.Equal(Slot(0), Assert.Single((await other.SendHeartbeatAsync()).Lost).Slot);
        await DeleteAsync(other, new() { Successes = default, Others = default });
        Assert.False((await alive.SendHeartbeatAsync()).IsLost);
        Assert.True((await silent.SendHeartbeatAsync()).IsLost); // deleted or not
    }

    /// <summary>A host that knows a number would miss the next command of the same number.</summary>
    [Fact]
    public async Task Old_commands_are_deleted_and_their_numbers_are_never_reused()
    {
        var host = await StartAsync();
        await GiveAsync(host, TaskCommandKind.Pause);
        await GiveAsync(host, TaskCommandKind.Resume);
        var last = (await host.SendHeartbeatAsync()).Commands[^1].Number;
        await AdvanceAsync(LostAfter);
        await DeleteAsync(host, new() { Successes = LostAfter / 2, Others = LostAfter / 2 });
        Assert.Empty((await host.SendHeartbeatAsync()).Commands);

        var next = await GiveAsync(host, TaskCommandKind.Pause);
        Assert.Equal(next.Id, Assert.Single((await host.SendHeartbeatAsync(last)).Commands).Id);
    }

    /// <summary>A person may ask that everything about them is deleted.</summary>
    [Fact]
    public async Task Erasing_a_key_deletes_everything_about_it_and_nothing_else()
    {
        var (host, other) = (await StartAsync(0), await StartAsync(1));
        await host.LoadAsync("hourly");
        (string, string?)[] loops = [("nightly", "a"), ("nightly", "A"), ("nightly", "aa"), ("nightly", null), ("hourly", "a")];
        foreach (var (task, key) in loops)
        {
            await host.SaveAsync(host.Batch() with
            {
                History = [host.Entry(Slot(0), key: key, task: task)],
                Loops = [new() { Loop = StoreHost.Loop(key, task) with { ConsecutiveFailures = 1 } }],
                Totals = [Total(Slot(0), 1) with { TaskName = task }],
            });
        }
        Assert.True(await other.ClaimAsync(Slot(1), "a"));
        await host.Store.AddCommandAsync(Command(TaskCommandKind.Pause) with { Key = "a" }, default);
        var kept = await GiveAsync(host, TaskCommandKind.Pause);

        await host.Store.EraseAsync(StoreHost.Nightly, "a", default);
        await host.Store.EraseAsync(StoreHost.Nightly, "a", default);
        await host.Store.EraseAsync(StoreHost.Nightly, "never stored", default);
        await host.Store.EraseAsync("unknown", "a", default);

        Assert.Equal(
            [null, "A", "aa"], (await host.LoadAsync(StoreHost.Nightly)).Select(loop => loop.Key).Order(StringComparer.Ordinal));
        Assert.Equal([null, "A", "aa"], (await host.ReadAsync()).Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.NotNull(await host.FindAsync("a", "hourly"));
        Assert.Single(await host.ReadAsync(new() { TaskName = "hourly", Key = "a" }));
        Assert.Equal(kept.Id, Assert.Single((await host.SendHeartbeatAsync()).Commands).Id);
        Assert.Equal(4, Assert.Single(await ReadTotalsAsync(host.Store, StoreHost.Nightly)).Count); // they name no key
        await other.Store.DisconnectAsync(other.Id, default);
        Assert.Empty((await host.SendHeartbeatAsync()).Lost);
    }

    private static async Task SaveAllOutcomesAsync(StoreHost host)
    {
        var now = (await host.SendHeartbeatAsync()).Now;
        await host.SaveAsync(
            [.. Enum.GetValues<IterationOutcome>().Skip(1).Select((outcome, n) => host.Entry(now.AddMicroseconds(n), outcome))]);
    }

    private static async Task DeleteAsync(StoreHost host, StoreRetention retention)
    {
        for (var calls = 0; await host.Store.DeleteExpiredAsync(retention, default); calls++)
            Assert.True(calls < 1_000, "A thousand deletions have left more to delete.");
    }
}
