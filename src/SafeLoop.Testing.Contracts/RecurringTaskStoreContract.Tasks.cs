using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Tasks: loaded, renamed, and apart from those of other applications.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>A host with another schedule does not catch up slots of the one before.</summary>
    [Fact]
    public async Task The_schedule_of_a_loop_is_the_one_by_which_its_last_slot_was_claimed_or_recorded()
    {
        var host = await StartAsync();
        Assert.True(await host.ClaimAsync(Slot(1)));
        Assert.Equal("every minute", await LoadByAsync(host, "every hour"));
        Assert.Equal("every minute", await LoadByAsync(host, "every hour"));

        await host.SkipAsync(Slot(2));
        Assert.Equal("every hour", await LoadByAsync(host, "every day"));
    }

    /// <summary>A host loads its own tasks, however many others there are.</summary>
    [Fact]
    public async Task Loading_returns_the_loops_of_the_named_tasks_and_changes_nothing()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.LoadAsync("hourly", "weekly");
        await one.SaveAsync(
            new LoopChange { Loop = StoreHost.Loop(task: "hourly") with { Schedule = "every hour" } },
            new LoopChange { Loop = StoreHost.Loop("a", "hourly") with { LastSlot = Slot(1) } },
            new LoopChange { Loop = StoreHost.Loop("a", "weekly") });
        StoredTask[] tasks = [new() { Name = "hourly", Schedule = "every two hours", IsKeyed = true }];
        await other.Store.LoadAsync(tasks, default);
        var loops = (await other.Store.LoadAsync(tasks, default)).OrderBy(loop => loop.Key);

        Assert.Equal(
            [
                StoreHost.Loop(task: "hourly") with { Schedule = "every hour" }, // by which the last slot was planned
                StoreHost.Loop("a", "hourly") with { LastSlot = Slot(1) },
            ],
            loops);
        Assert.Empty(await other.Store.LoadAsync([], default));
    }

    /// <summary>As everywhere else.</summary>
    [Fact]
    public async Task Capitals_do_not_matter_in_the_name_of_a_task()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        (string, string, string)[] names = [("hourly", "Hourly", "HOURLY"), ("größe", "Größe", "GRÖßE")];
        foreach (var (name, written, shouted) in names)
        {
            await one.LoadAsync(name);
            await other.LoadAsync(written);
            Assert.True(await one.ClaimAsync(Slot(0), task: name));

            Assert.False(await other.ClaimAsync(Slot(0), task: written));
            Assert.Equal(Slot(0), (await other.FindAsync(task: shouted))?.LastSlot);
            Assert.Null(await one.EndAsync(Slot(0), task: shouted));
            Assert.Single(await other.ReadAsync(new() { TaskName = written }));
            await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop("a", shouted) with { LastSlot = Slot(0) } });
            await other.SaveAsync(new LoopChange { Loop = StoreHost.Loop("a", written) with { LastSlot = Slot(1) } });
            Assert.Equal(2, (await one.LoadAsync(name)).Count);
            await one.Store.EraseAsync(shouted, "a", default);
            Assert.Single(await one.LoadAsync(name));
        }
    }

    /// <summary>A new name is not a new task.</summary>
    [Fact]
    public async Task A_renamed_task_takes_its_state_and_its_history_along()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var pause = new TaskPause { Reason = "release", Since = Slot(0) };
        Assert.True(await one.ClaimAsync(Slot(0)));
        Assert.Null(await one.EndAsync(Slot(0)));
        Assert.True(await one.ClaimAsync(Slot(1)));
        await one.SaveAsync(one.Batch() with
        {
            History = [one.Entry(Slot(0), key: "a")],
            Loops =
            [
                new() { Loop = StoreHost.Loop() with { Counts = new() { Failed = 2 } } },
                new() { Loop = StoreHost.Loop("a") with { Pause = pause }, HasPauseChanged = true },
            ],
            Totals = [Total(Slot(0), 3)],
        });
        for (var n = 0; n < 2; n++)
        {
            var loops = await LoadRenamedAsync(other);
            Assert.All(loops, loop => Assert.Equal("renamed", loop.TaskName));
            var whole = loops.Single(loop => loop.Key is null);
            Assert.Equal(((DateTimeOffset?)Slot(1), 2L), (whole.LastSlot, whole.Counts.Failed));
            Assert.Equal(pause, loops.Single(loop => loop.Key == "a").Pause);
        }

        Assert.False(await other.ClaimAsync(Slot(1), task: "renamed"));
        await one.Store.DisconnectAsync(one.Id, default);
        Assert.Equal("renamed", Assert.Single((await other.SendHeartbeatAsync()).Lost).TaskName);
        var history = await other.ReadAsync(new() { TaskName = "renamed" });
        Assert.Equal([Slot(1), Slot(0), Slot(0)], history.Select(entry => entry.Record.Slot));
        Assert.All(history, entry => Assert.Equal("renamed", entry.TaskName));
        Assert.Equal(5, (await ReadTotalsAsync(other.Store, "renamed")).Sum(total => total.Count)); // 3 and two slots

        Assert.Empty(await other.ReadAsync());
        Assert.Equal(StoreHost.Loop(), Assert.Single(await other.LoadAsync(StoreHost.Nightly))); // another one of the old name
    }

    /// <summary>During a deployment both names are there; the state of neither is lost.</summary>
    [Fact]
    public async Task A_renamed_task_that_is_stored_already_keeps_its_own_state()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.LoadAsync("renamed");
        await one.SaveAsync(
            new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(1) } },
            new LoopChange { Loop = StoreHost.Loop(task: "renamed") with { LastSlot = Slot(2) } });

        Assert.Equal(Slot(2), Assert.Single(await LoadRenamedAsync(other)).LastSlot);
        Assert.Equal(Slot(1), (await one.FindAsync())?.LastSlot);
    }

    /// <summary>All replicas rename at once.</summary>
    [Fact]
    public async Task Many_hosts_that_rename_a_task_at_once_rename_it_once()
    {
        var hosts = await StartAllAsync(8);
        await hosts[0].SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(1) } });
        var loaded = await RaceAsync(hosts, LoadRenamedAsync);

        Assert.All(loaded, loops => Assert.Equal(Slot(1), Assert.Single(loops).LastSlot));
    }

    /// <summary>Two applications with the same tasks in one database.</summary>
    [Fact]
    public async Task Applications_that_share_a_database_see_nothing_of_each_other()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1, "-other"));
        Assert.True(await one.ClaimAsync(Slot(5)));
        Assert.True(await other.ClaimAsync(Slot(4)));
        await one.SaveAsync(FullBatch(one, number: 0));
        Assert.Null(await other.FindAsync("a"));
        Assert.Equal(default(OutcomeCounts), (await other.FindAsync())?.Counts);
        await GiveAsync(one, TaskCommandKind.Pause);

        Assert.Empty(await other.ReadAsync(new()));
        Assert.Empty(await ReadTotalsAsync(other.Store, StoreHost.Nightly));
        Assert.Empty(await ReadGapsAsync(other.Store));
        Assert.Empty((await other.SendHeartbeatAsync()).Commands);
        await other.Store.EraseAsync(StoreHost.Nightly, "a", default);
        await DeleteAsync(other, new() { Successes = default, Others = default, Totals = default });
        await other.Store.LoadAsync([new() { Name = "mine", FormerName = StoreHost.Nightly, Schedule = "" }], default);

        await AssertSavedOnceAsync(one);
        Assert.Single((await one.SendHeartbeatAsync()).Commands);
        Assert.Equal(Slot(5), (await one.FindAsync())?.LastSlot);
    }

    /// <summary>Each application ends the claims of its own hosts.</summary>
    [Fact]
    public async Task A_lost_host_is_noticed_by_a_host_of_its_application_and_by_no_other()
    {
        var (gone, same, other) = (await StartAsync(0), await StartAsync(1), await StartAsync(2, "-other"));
        Assert.True(await gone.ClaimAsync(Slot(0)));
        await gone.Store.DisconnectAsync(gone.Id, default);

        Assert.Empty((await other.SendHeartbeatAsync()).Lost);
        Assert.Single((await same.SendHeartbeatAsync()).Lost);
        Assert.Empty(await other.ReadAsync());
    }

    private static ValueTask<IReadOnlyList<StoredLoop>> LoadRenamedAsync(StoreHost host) => host.Store.LoadAsync(
        [new() { Name = "renamed", FormerName = StoreHost.Nightly, Schedule = "every minute" }], default);

    private static async Task<string?> LoadByAsync(StoreHost host, string schedule) =>
        (await host.Store.LoadAsync([new() { Name = StoreHost.Nightly, Schedule = schedule }], default)).Single().Schedule;
}
