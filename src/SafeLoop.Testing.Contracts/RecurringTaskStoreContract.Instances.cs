using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Instances: heartbeats on the clock of the database, and what becomes of the claims of a host that is gone.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>All replicas of an application start at once, on an empty database.</summary>
    [Fact]
    public async Task Many_hosts_connect_and_load_the_same_new_tasks_at_the_same_time()
    {
        var hosts = Enumerable.Range(0, 12).Select(n => Host(n)).ToList();
        var loaded = await RaceAsync(hosts, async host =>
        {
            await host.ConnectAsync();
            return await host.LoadAsync("one", "two");
        });

        Assert.All(loaded, loops =>
        {
            Assert.Equal(["one", "two"], loops.Select(loop => loop.TaskName).Order());
            Assert.All(loops, loop => Assert.True(loop is { Key: null, LastSlot: null, LastOutcome: IterationOutcome.None }));
        });
        Assert.Equal(2, (await hosts[0].LoadAsync("one", "two")).Count);
    }

    /// <summary>The answer may be lost.</summary>
    [Fact]
    public async Task Connecting_again_neither_ends_claims_nor_forgets_the_number_of_the_last_batch()
    {
        var host = await StartAsync();
        var batch = host.Batch(number: 1) with { History = [host.Entry(Slot(0))] };
        Assert.True(await host.ClaimAsync(Slot(1)));
        await host.Store.SaveAsync(batch, default);

        await host.ConnectAsync();
        await host.Store.SaveAsync(batch, default);
        Assert.Single(await host.ReadAsync());
        Assert.Null(await host.EndAsync(Slot(1)));
        Assert.False((await host.SendHeartbeatAsync()).IsLost);
    }

    /// <summary>However long a host runs.</summary>
    [Fact]
    public async Task A_host_that_sends_heartbeats_is_not_lost()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(0)));
        for (var n = 0; n < 4; n++)
        {
            await AdvanceAsync(LostAfter * 0.7);
            foreach (var host in (StoreHost[])[other, one]) // the other sees how long the one was silent
            {
                var heartbeat = await host.SendHeartbeatAsync();
                Assert.False(heartbeat.IsLost);
                Assert.Empty(heartbeat.Lost);
            }
        }

        Assert.Null(await one.EndAsync(Slot(0)));
    }

    /// <summary>A machine whose clock is wrong is not lost, and marks no other as lost.</summary>
    [Fact]
    public async Task Hosts_whose_clocks_are_days_apart_do_not_mark_each_other_as_lost()
    {
        var hosts = await StartAllAsync(3);
        for (var n = 0; n < hosts.Length; n++)
            Assert.True(await hosts[n].ClaimAsync(Slot(n)));
        for (var round = 0; round < 3; round++)
        {
            foreach (var host in hosts)
            {
                var heartbeat = await host.SendHeartbeatAsync();
                Assert.False(
                    heartbeat.IsLost, "A host is marked as lost because of its clock. Keep time by that of the database.");
                Assert.Empty(heartbeat.Lost);
            }
            await AdvanceAsync(LostAfter / 10);
        }
    }

    /// <summary>Silence is measured on one clock, whatever the clocks of the hosts.</summary>
    [Fact]
    public async Task The_present_time_is_that_of_the_database_whichever_host_asks()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var first = (await one.SendHeartbeatAsync()).Now;
        var second = (await other.SendHeartbeatAsync()).Now;
        await AdvanceAsync(LostAfter);
        var third = (await one.SendHeartbeatAsync()).Now;

        Assert.InRange(second - first, TimeSpan.Zero, Patience); // the clocks of the hosts are two days apart
        Assert.InRange(third - second, LostAfter * 0.9, LostAfter + Patience);
    }

    /// <summary>Exactly once, however many hosts notice.</summary>
    [Fact]
    public async Task Each_claim_of_a_silent_host_ends_once_as_lost_however_many_hosts_send_heartbeats()
    {
        var hosts = await StartAllAsync(5);
        var silent = hosts[0];
        await silent.LoadAsync("hourly");
        Assert.True(await silent.ClaimAsync(Slot(0)));
        Assert.Null(await silent.EndAsync(Slot(0)));
        Assert.True(await silent.ClaimAsync(Slot(1)));
        Assert.True(await silent.ClaimAsync(Slot(2)));
        Assert.True(await silent.ClaimAsync(Slot(1), "a"));
        Assert.True(await silent.ClaimAsync(Slot(1), task: "hourly"));
        await AdvanceAsync(LostAfter * 1.3);
        foreach (var host in hosts[1..])
            await host.ConnectAsync(); // renews the heartbeat, and marks no host as lost

        var heartbeats = await RaceAsync(hosts[1..], host => host.SendHeartbeatAsync());
        heartbeats = [.. heartbeats, .. await RaceAsync(hosts[1..], host => host.SendHeartbeatAsync())];

        var lost = heartbeats.SelectMany(heartbeat => heartbeat.Lost).ToList();
        Assert.Equal(4, lost.Count);
        Assert.Equal(4, lost.Distinct().Count());
        Assert.All(lost, claim => Assert.Equal(silent.Id, claim.Instance));
        var history = await silent.ReadAsync(new() { Outcome = IterationOutcome.Interrupted });
        Assert.Equal(
            lost.Select(claim => (claim.TaskName, claim.Key, claim.Slot)).Order(),
            history.Select(entry => (entry.TaskName, entry.Key, entry.Record.Slot)).Order());
        Assert.All(history, entry => Assert.Equal(
            (OutcomeReason.HostLost, 1L, silent.Id), (entry.Record.Reason, entry.Record.Count, entry.Instance)));
    }

    /// <summary>A process that was stopped for a while comes back and knows nothing.</summary>
    [Fact]
    public async Task A_lost_host_that_comes_back_can_neither_record_nor_claim()
    {
        var (late, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await late.ClaimAsync(Slot(0)));
        await LoseAsync(late, other);

        Assert.Equal(Slot(0), await late.EndAsync(Slot(0)));
        Assert.False(await late.ClaimAsync(Slot(0)));
        Assert.False(await late.ClaimAsync(Slot(1)));
        Assert.True(await other.ClaimAsync(Slot(2)));
        Assert.Equal(Slot(2), await late.EndAsync(Slot(0)));
        var entry = Assert.Single(await other.ReadAsync());
        Assert.Equal((Slot(0), OutcomeReason.HostLost), (entry.Record.Slot, entry.Record.Reason));
    }

    /// <summary>A lost host needs another id.</summary>
    [Fact]
    public async Task A_lost_host_stays_lost_until_it_connects_under_another_id()
    {
        var (late, other) = (await StartAsync(0), await StartAsync(1));
        await LoseAsync(late, other);

        Assert.True((await late.SendHeartbeatAsync()).IsLost);
        await late.ConnectAsync();
        Assert.True((await late.SendHeartbeatAsync()).IsLost);
        Assert.False((await other.SendHeartbeatAsync()).IsLost);
        var again = await StartAsync(0);
        Assert.False((await again.SendHeartbeatAsync()).IsLost);
        Assert.True(await again.ClaimAsync(Slot(0)));
    }

    /// <summary>The outcomes that it still has in memory are part of the history.</summary>
    [Fact]
    public async Task A_lost_host_can_still_save_its_history()
    {
        var (late, other) = (await StartAsync(0), await StartAsync(1));
        await LoseAsync(late, other);
        await late.SaveAsync(late.Entry(Slot(0)));

        Assert.Single(await other.ReadAsync());
    }

    /// <summary>When all were silent, no host was lost.</summary>
    [Fact]
    public async Task A_host_whose_late_heartbeat_no_other_host_noticed_keeps_its_claims()
    {
        var host = await StartAsync();
        Assert.True(await host.ClaimAsync(Slot(0)));
        await AdvanceAsync(LostAfter * 1.3);

        var heartbeat = await host.SendHeartbeatAsync();
        Assert.False(heartbeat.IsLost);
        Assert.Empty(heartbeat.Lost);
        Assert.Null(await host.EndAsync(Slot(0)));
    }

    /// <summary>A deployment does not wait for heartbeats to be missed.</summary>
    [Fact]
    public async Task The_claims_of_a_host_that_disconnects_are_lost_at_once()
    {
        var (gone, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await gone.ClaimAsync(Slot(0)));
        await gone.Store.DisconnectAsync(gone.Id, default);
        await gone.Store.DisconnectAsync(gone.Id, default); // the answer was lost

        var lost = Assert.Single((await other.SendHeartbeatAsync()).Lost);
        Assert.Equal(new SlotClaim { TaskName = StoreHost.Nightly, Slot = Slot(0), Instance = gone.Id }, lost);
        Assert.Empty((await other.SendHeartbeatAsync()).Lost);
        Assert.False(await gone.ClaimAsync(Slot(1)));
        Assert.Equal(OutcomeReason.HostLost, Assert.Single(await other.ReadAsync()).Record.Reason);
    }

    /// <summary>The outcome that was recorded is the one.</summary>
    [Fact]
    public async Task A_host_that_disconnects_after_it_has_recorded_everything_leaves_nothing_that_is_lost()
    {
        var (gone, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await gone.ClaimAsync(Slot(0)));
        Assert.Null(await gone.EndAsync(Slot(0)));
        await gone.Store.DisconnectAsync(gone.Id, default);

        Assert.Empty((await other.SendHeartbeatAsync()).Lost);
        Assert.Equal(IterationOutcome.Succeeded, Assert.Single(await other.ReadAsync()).Record.Outcome);
    }

    /// <summary>A host records while another marks it as lost: one of the two is the outcome.</summary>
    [Fact]
    public async Task A_host_that_records_while_it_is_marked_as_lost_leaves_one_outcome()
    {
        var hosts = await StartAllAsync(4);
        for (var n = 0; n < 10; n++)
        {
            var (slot, gone) = (Slot(n), await StartAsync(4));
            Assert.True(await gone.ClaimAsync(slot));
            await gone.Store.DisconnectAsync(gone.Id, default);
            var answers = await RaceAsync([gone, .. hosts], async host => host == gone
                ? await host.EndAsync(slot) is null
                : (await host.SendHeartbeatAsync()).Lost.Count == 0);

            var entry = (await hosts[0].ReadAsync())[0];
            Assert.Equal((n + 1, slot), ((await hosts[0].ReadAsync()).Count, entry.Record.Slot));
            Assert.Equal(answers[0], entry.Record.Outcome is IterationOutcome.Succeeded);
            Assert.Equal(answers[0] ? 0 : 1, answers[1..].Count(none => !none));
        }
    }

    // Another host notices that it is silent, and is alive itself.
    private async Task LoseAsync(StoreHost silent, StoreHost other, InstanceSample? sample = null)
    {
        await AdvanceAsync(LostAfter * 1.3);
        await other.SendHeartbeatAsync();
        Assert.True(
            (await silent.SendHeartbeatAsync(sample: sample)).IsLost,
            "A host was silent for longer than allowed and is not marked as lost.");
    }
}
