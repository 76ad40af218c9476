namespace SafeLoop.Testing;

// Outcomes: every slot has exactly one.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>The answer may be lost, and then the outcome is recorded again.</summary>
    [Fact]
    public async Task The_outcome_of_a_claimed_slot_is_recorded_once()
    {
        var host = await StartAsync();
        Assert.True(await host.ClaimAsync(Slot(0)));

        Assert.Null(await AgainAsync(() => host.EndAsync(Slot(0))));
        Assert.Equal(host.Entry(Slot(0)), Assert.Single(await host.ReadAsync()));
    }

    /// <summary>The call that claimed was lost, not its answer. The host recorded what it knew of the slot.</summary>
    [Fact]
    public async Task The_outcome_of_a_claim_that_was_never_made_is_refused_and_can_be_recorded_without_one()
    {
        var host = await StartAsync();
        for (var n = 0; n < 2; n++)
        {
            var entry = host.Entry(Slot(n));
            var last = await host.Store.RecordAsync(entry, isClaimed: true, default);
            Assert.True(last < Slot(n));
            Assert.Equal(n, (await host.ReadAsync()).Count);
            Assert.Null(await host.Store.RecordAsync(entry, isClaimed: false, default));
        }

        Assert.Equal(Slot(1), await host.Store.RecordAsync(host.Entry(Slot(0), IterationOutcome.Failed), false, default));
        Assert.Equal(2, (await host.ReadAsync()).Count);
    }

    /// <summary>What does not run needs no claim.</summary>
    [Fact]
    public async Task The_outcome_of_a_skipped_slot_is_recorded_once_and_the_slot_cannot_be_claimed()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));

        Assert.Null(await AgainAsync(() => one.SkipAsync(Slot(3))));
        Assert.Equal(Slot(3), await other.SkipAsync(Slot(3)));
        Assert.False(await other.ClaimAsync(Slot(3)));
        Assert.False(await one.ClaimAsync(Slot(2)));
        Assert.Single(await one.ReadAsync());
        Assert.Equal(Slot(3), (await one.FindAsync())?.LastSlot);
    }

    /// <summary>After a restart the slots of the time between are one entry.</summary>
    [Fact]
    public async Task Several_skipped_slots_are_one_entry_and_none_of_them_can_be_claimed()
    {
        var host = await StartAsync();
        Assert.Null(await AgainAsync(() => host.SkipAsync(Slot(9), first: Slot(2), count: 8)));

        for (var n = 2; n < 10; n++)
            Assert.False(await host.ClaimAsync(Slot(n)));
        var entry = Assert.Single(await host.ReadAsync());
        Assert.Equal(((DateTimeOffset?)Slot(2), Slot(9), 8L), (entry.FirstSlot, entry.Record.Slot, entry.Record.Count));
        Assert.True(await host.ClaimAsync(Slot(10)));
    }

    /// <summary>The caller then skips only what is left.</summary>
    [Fact]
    public async Task Several_skipped_slots_of_which_one_is_claimed_or_recorded_are_refused_with_the_last_of_those()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.Null(await one.SkipAsync(Slot(2), first: Slot(0), count: 3));
        Assert.Equal(Slot(2), await other.SkipAsync(Slot(6), first: Slot(1), count: 6));
        Assert.True(await one.ClaimAsync(Slot(4)));
        Assert.Equal(Slot(4), await other.SkipAsync(Slot(6), first: Slot(3), count: 4));

        Assert.Null(await other.SkipAsync(Slot(6), first: Slot(5), count: 2));
        Assert.Null(await one.EndAsync(Slot(4)));
        Assert.Equal([Slot(6), Slot(4), Slot(2)], (await one.ReadAsync()).Select(entry => entry.Record.Slot));
    }

    /// <summary>All hosts that start after a time without hosts skip the same slots.</summary>
    [Fact]
    public async Task Of_sixteen_hosts_that_skip_the_same_slots_one_records_them()
    {
        var hosts = await StartAllAsync(16);
        var answers = await RaceAsync(hosts, host => host.SkipAsync(Slot(4), first: Slot(0), count: 5));

        Assert.Single(answers, answer => answer is null);
        Assert.All(answers, answer => Assert.True(answer is null || answer == Slot(4)));
        Assert.Equal(5, Assert.Single(await hosts[0].ReadAsync()).Record.Count);
    }

    /// <summary>A slot that runs is not skipped.</summary>
    [Fact]
    public async Task A_slot_that_another_host_has_claimed_cannot_be_skipped()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(1)));

        Assert.Equal(Slot(1), await other.SkipAsync(Slot(1)));
        Assert.Equal(Slot(1), await other.SkipAsync(Slot(0)));
        Assert.Null(await one.EndAsync(Slot(1)));
        Assert.Equal(IterationOutcome.Succeeded, Assert.Single(await other.ReadAsync()).Record.Outcome);
    }

    /// <summary>One replica is paused, another is not yet.</summary>
    [Fact]
    public async Task Hosts_that_claim_and_hosts_that_skip_a_slot_at_once_leave_one_outcome()
    {
        var hosts = await StartAllAsync(8);
        for (var n = 0; n < 10; n++)
        {
            var slot = Slot(n);
            await RaceAsync(hosts, async host => Array.IndexOf(hosts, host) % 2 == 0
                ? await host.ClaimAsync(slot) && await InsistAsync(() => host.EndAsync(slot)) is null
                : await host.SkipAsync(slot) is null);
        }

        Assert.Equal(
            Enumerable.Range(0, 10).Select(Slot).Reverse(), (await hosts[0].ReadAsync()).Select(entry => entry.Record.Slot));
    }

    /// <summary>Keys have outcomes of their own.</summary>
    [Fact]
    public async Task Outcomes_of_keys_are_independent()
    {
        var host = await StartAsync();

        Assert.Null(await host.SkipAsync(Slot(5), key: "a"));
        Assert.Null(await host.SkipAsync(Slot(4), key: "b"));
        Assert.Null(await host.SkipAsync(Slot(3)));
        Assert.Equal(Slot(5), (await host.FindAsync("a"))?.LastSlot);
        Assert.Equal(Slot(4), (await host.FindAsync("b"))?.LastSlot);
        Assert.Equal(Slot(3), (await host.FindAsync())?.LastSlot);
    }

    /// <summary>A restarted host continues after the last slot.</summary>
    [Fact]
    public async Task A_claim_is_the_last_slot_of_its_loop_before_it_is_recorded()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(7)));
        Assert.True(await one.ClaimAsync(Slot(8), "a"));

        Assert.Equal(Slot(7), (await other.FindAsync())?.LastSlot);
        Assert.Equal(Slot(8), (await other.FindAsync("a"))?.LastSlot);
    }
}
