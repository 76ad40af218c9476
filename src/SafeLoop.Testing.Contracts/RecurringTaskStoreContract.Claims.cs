namespace SafeLoop.Testing;

// Claims: a slot is run by one instance.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>A slot is run by one instance.</summary>
    [Fact]
    public async Task Of_sixteen_hosts_that_race_for_a_slot_one_gets_it()
    {
        var hosts = await StartAllAsync(16);
        for (var n = 0; n < 5; n++)
            Assert.Single(await RaceAsync(hosts, host => host.ClaimAsync(Slot(n))), won => won);
    }

    /// <summary>Hosts that are not in step claim different slots at the same time.</summary>
    [Fact]
    public async Task No_slot_is_claimed_by_two_hosts_that_race_over_many()
    {
        var hosts = await StartAllAsync(6);
        var won = await RaceAsync(hosts, async host =>
        {
            var slots = new List<int>();
            for (var n = 0; n < 20; n++)
            {
                if (await InsistAsync(() => host.ClaimAsync(Slot(n))))
                    slots.Add(n);
            }
            return slots;
        });

        var all = won.SelectMany(slots => slots).ToList();
        Assert.Equal(all.Distinct().Count(), all.Count);
        Assert.Equal(19, all.Max());
    }

    /// <summary>The answer of a claim may be lost.</summary>
    [Fact]
    public async Task A_repeated_claim_still_belongs_to_its_owner_alone()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));

        Assert.True(await AgainAsync(() => one.ClaimAsync(Slot(0))));
        Assert.False(await AgainAsync(() => other.ClaimAsync(Slot(0))));
        Assert.True(await one.ClaimAsync(Slot(0)));
    }

    /// <summary>Slots are claimed in order, so a host that is behind cannot run what others have passed.</summary>
    [Fact]
    public async Task A_slot_before_a_claimed_one_is_refused()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(5)));

        Assert.False(await other.ClaimAsync(Slot(4)));
        Assert.False(await one.ClaimAsync(Slot(4)));
        Assert.True(await other.ClaimAsync(Slot(6)));
    }

    /// <summary>The clock of a host was wrong by years, and then corrected.</summary>
    [Fact]
    public async Task Slots_far_in_the_future_do_not_block_those_of_the_present_and_are_not_run_again()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var now = (await one.SendHeartbeatAsync()).Now;
        var (near, far) = (now.AddHours(20), now.AddDays(400));
        Assert.True(await one.ClaimAsync(far));
        Assert.Null(await one.EndAsync(far));

        Assert.True(await AgainAsync(() => other.ClaimAsync(now)));
        Assert.Equal(now, (await one.FindAsync())?.LastSlot);
        Assert.False(await one.ClaimAsync(now));
        Assert.False(await one.ClaimAsync(now.AddMinutes(-1)));
        Assert.False(await other.ClaimAsync(far));
        Assert.True(await one.ClaimAsync(near));
        Assert.False(await other.ClaimAsync(now.AddMinutes(1)));
        Assert.Null(await other.EndAsync(now));
    }

    /// <summary>Slots that no host runs are recorded as well.</summary>
    [Fact]
    public async Task Slots_far_in_the_future_do_not_block_outcomes_without_a_claim()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var now = (await one.SendHeartbeatAsync()).Now;
        Assert.Null(await one.SkipAsync(now.AddDays(400)));

        Assert.Null(await other.SkipAsync(now, now.AddMinutes(-2), 3));
        Assert.Equal(now, (await one.FindAsync())?.LastSlot);
        Assert.Equal(now, await one.SkipAsync(now));
    }

    /// <summary>Iterations may overlap.</summary>
    [Fact]
    public async Task A_later_slot_can_be_claimed_while_an_earlier_one_is_running_and_both_are_recorded()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(0)));
        Assert.True(await one.ClaimAsync(Slot(1)));
        Assert.True(await other.ClaimAsync(Slot(2)));
        Assert.True(await one.ClaimAsync(Slot(0))); // the answer was lost, and the next slot was claimed meanwhile

        Assert.Null(await other.EndAsync(Slot(2)));
        Assert.Null(await one.EndAsync(Slot(1)));
        Assert.Null(await one.EndAsync(Slot(0)));
        Assert.Equal([Slot(2), Slot(1), Slot(0)], (await one.ReadAsync()).Select(entry => entry.Record.Slot));
        Assert.Equal(Slot(2), (await one.FindAsync())?.LastSlot);
    }

    /// <summary>Each loop has slots of its own.</summary>
    [Fact]
    public async Task Tasks_and_keys_are_claimed_independently()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.LoadAsync("hourly");
        Assert.True(await one.ClaimAsync(Slot(5)));

        Assert.True(await other.ClaimAsync(Slot(5), task: "hourly"));
        Assert.True(await other.ClaimAsync(Slot(4), "a"));
        Assert.True(await one.ClaimAsync(Slot(3), "b"));
        Assert.False(await one.ClaimAsync(Slot(3), "a"));
        Assert.False(await other.ClaimAsync(Slot(3), "b"));
    }

    /// <summary>A slot that was run is not run again, not even by the same host.</summary>
    [Fact]
    public async Task A_slot_with_an_outcome_cannot_be_claimed()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(0)));
        Assert.Null(await one.EndAsync(Slot(0)));

        Assert.False(await one.ClaimAsync(Slot(0)));
        Assert.False(await other.ClaimAsync(Slot(0)));
    }

    /// <summary>Replicas may write the same instant with different offsets.</summary>
    [Fact]
    public async Task A_slot_is_the_same_in_every_offset()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(0)));

        Assert.False(await other.ClaimAsync(Slot(0).ToOffset(TimeSpan.FromHours(-11))));
        Assert.True(await one.ClaimAsync(Slot(0).ToOffset(TimeSpan.FromHours(14))));
        Assert.Null(await one.EndAsync(Slot(0).ToOffset(TimeSpan.FromHours(5.5))));
    }

    /// <summary>A fine grid ends in fractions of a microsecond, which a column may cut.</summary>
    [Fact]
    public async Task A_slot_that_is_finer_than_a_microsecond_is_claimed_and_recorded_once()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        foreach (var slot in (DateTimeOffset[])[Slot(0).AddTicks(1), Slot(1).AddTicks(9)])
        {
            Assert.True(await AgainAsync(() => one.ClaimAsync(slot)));
            Assert.False(await other.ClaimAsync(slot));
            Assert.Null(await AgainAsync(() => one.EndAsync(slot)));
            Assert.False(await one.ClaimAsync(slot));
            Assert.InRange((await other.FindAsync())!.LastSlot!.Value, slot.AddTicks(-9), slot);
        }

        Assert.Equal(2, (await one.ReadAsync()).Count);
    }

    /// <summary>A column that rounds would run a slot twice, or lose it.</summary>
    [Fact]
    public async Task Slots_that_differ_by_a_microsecond_are_different()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(0).AddMicroseconds(1)));

        Assert.False(await other.ClaimAsync(Slot(0)));
        Assert.True(await other.ClaimAsync(Slot(0).AddMicroseconds(2)));
        Assert.Equal(Slot(0).AddMicroseconds(2), (await one.FindAsync())?.LastSlot);
    }
}
