using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Changes of options: stored with the task until they are replaced or removed.
public abstract partial class RecurringTaskStoreContract
{
    private const string Options = """{"Every":"00:00:05"}""";

    /// <summary>A host that starts later applies it, and shows who decided it and why.</summary>
    [Fact]
    public async Task A_change_of_options_is_stored_with_the_task_and_replaced_by_the_next()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.LoadAsync("hourly");
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(1), ConsecutiveFailures = 2 } });
        await one.Store.AddCommandAsync(ChangeTo(Options) with { Reason = "slow", Fingerprint = "f1" }, default);

        var changed = (await other.FindAsync())!;
        var given = Assert.Single((await other.SendHeartbeatAsync()).Commands);
        Assert.Equal((Options, "f1"), (given.Options, given.Fingerprint));
        Assert.Equal(
            new TaskChange { Options = Options, Reason = "slow", By = "Ann", Since = given.Sent, Fingerprint = "f1" },
            changed.Change);
        Assert.Equal((Slot(1), 2), (changed.LastSlot!.Value, changed.ConsecutiveFailures));
        Assert.Null((await other.FindAsync(task: "hourly"))!.Change);

        await GiveAsync(one, TaskCommandKind.Pause);
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { ConsecutiveFailures = 3 } });
        Assert.Equal(changed.Change, (await other.FindAsync())!.Change);
        await other.Store.AddCommandAsync(ChangeTo("""{"Timeout":"00:00:01"}""") with { Fingerprint = "f1" }, default);
        Assert.Equal("""{"Timeout":"00:00:01"}""", (await one.FindAsync())!.Change!.Options);
        await one.Store.AddCommandAsync(ChangeTo(null), default);
        Assert.Null((await other.FindAsync())!.Change);
        Assert.NotNull((await other.FindAsync())!.Pause);
    }

    /// <summary>An operator's process does not have the task, so it cannot know whether the task can use the change.</summary>
    [Fact]
    public async Task A_change_without_a_fingerprint_is_stored_with_the_task_when_a_host_has_executed_it()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.Store.AddCommandAsync(ChangeTo(Options) with { Fingerprint = "f1" }, default);
        var before = (await one.FindAsync())!.Change;
        var change = ChangeTo("""{"Timeout":"00:00:01"}""");
        await one.Store.AddCommandAsync(change, default);
        await one.CompleteAsync(change.Id, "rejected", isExecuted: false);
        Assert.Equal(before, (await other.FindAsync())!.Change);
        var known = (await other.SendHeartbeatAsync()).Commands[^1];
        Assert.Null(known.Fingerprint);

        await other.CompleteAsync(change.Id, "changed");
        await other.CompleteAsync(change.Id, "changed"); // its answer was lost
        var stored = (await one.FindAsync())!.Change!;
        Assert.Equal((change.Options, "Ann", known.Sent), (stored.Options, stored.By, stored.Since));
        // A host that has loaded the one before reads it.
        var again = Assert.Single((await one.SendHeartbeatAsync(known.Number)).Commands);
        Assert.Equal((change.Id, known.Sent), (again.Id, again.Sent));
        Assert.NotNull(again.Fingerprint);
        await one.CompleteAsync(change.Id, "changed");
        Assert.Empty((await other.SendHeartbeatAsync(again.Number)).Commands);
    }

    /// <summary>The latest decision wins.</summary>
    [Fact]
    public async Task A_change_without_a_fingerprint_does_not_replace_a_later_one()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var (first, second) = (ChangeTo("""{"Timeout":"00:00:01"}"""), ChangeTo("""{"Timeout":"00:00:02"}"""));
        await one.Store.AddCommandAsync(first, default);
        await one.Store.AddCommandAsync(second, default);
        await one.Store.AddCommandAsync(ChangeTo(Options) with { Fingerprint = "f1" }, default);
        await other.CompleteAsync(first.Id, "changed");
        Assert.Equal(Options, (await one.FindAsync())!.Change!.Options);

        await one.Store.AddCommandAsync(ChangeTo(null), default);
        await other.CompleteAsync(second.Id, "changed");
        Assert.Null((await one.FindAsync())!.Change);
    }

    /// <summary>It is dropped when code or configuration is changed.</summary>
    [Fact]
    public async Task A_change_without_a_fingerprint_gets_that_of_the_task_as_it_was_loaded_last()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        foreach (var fingerprint in (string[])["f1", "f2"])
        {
            await other.Store.LoadAsync(
                [new() { Name = StoreHost.Nightly, Schedule = "every minute", Fingerprint = fingerprint }], default);
        }
        var change = ChangeTo(Options);
        await one.Store.AddCommandAsync(change, default);
        await other.CompleteAsync(change.Id, "changed");
        var loops = await other.Store.LoadAsync(
            [new() { Name = StoreHost.Nightly, Schedule = "every minute", Fingerprint = "f3" }], default);

        Assert.Equal("f2", Assert.Single(loops).Change!.Fingerprint);
    }

    /// <summary>The longest that a command can have.</summary>
    [Fact]
    public async Task The_options_of_a_change_come_back_unchanged()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var options = $$"""{"Cron":"{{new string('x', 3980)}} ü"}""";
        await one.Store.AddCommandAsync(ChangeTo(options) with { Fingerprint = "f1" }, default);

        Assert.Equal(options, (await other.FindAsync())?.Change?.Options);
    }

    /// <summary>Other hosts must read which key they have to forget, and then the store must not know it either.</summary>
    [Fact]
    public async Task A_command_to_erase_a_key_stays_until_it_expires_and_then_loses_the_key()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var erase = Command(TaskCommandKind.Erase, LostAfter / 2) with { Key = "a" };
        var stop = Command(TaskCommandKind.Stop) with { Key = "a" };
        await one.Store.AddCommandAsync(stop, default);
        await one.Store.AddCommandAsync(erase, default);
        await one.Store.EraseAsync(StoreHost.Nightly, "a", default);

        Assert.Equal("a", Assert.Single((await other.SendHeartbeatAsync()).Commands).Key);
        await DeleteAsync(other, new());
        Assert.Equal("a", (await FindAsync(one, erase)).Command.Key);
        await AdvanceAsync(LostAfter);
        Assert.Empty((await other.SendHeartbeatAsync()).Commands);
        await DeleteAsync(other, new());
        var kept = (await FindAsync(one, erase)).Command;
        Assert.Equal((TaskCommandKind.Erase, null, "Ann"), (kept.Kind, kept.Key, kept.By));
        Assert.Null(await one.Store.FindCommandAsync(stop.Id, default));
    }

    private static TaskCommand ChangeTo(string? options) => Command(TaskCommandKind.Change) with { Options = options };
}
