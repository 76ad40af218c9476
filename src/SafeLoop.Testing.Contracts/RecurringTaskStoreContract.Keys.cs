using SafeLoop.Storage;

namespace SafeLoop.Testing;

// The state of single keys: paused, failing, ended or remembered.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>A host that starts later, or gets the key later, loads the pause of the key.</summary>
    [Fact]
    public async Task A_pause_or_resumption_of_a_key_changes_what_is_stored_of_this_key_only()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop("b") with { ConsecutiveFailures = 2 } });
        foreach (var key in (string[])["a", "b"])
            await one.Store.AddCommandAsync(Command(TaskCommandKind.Pause) with { Key = key, Reason = "release" }, default);

        var (paused, failing) = (await ReadKeyAsync(other, "a"), await ReadKeyAsync(other, "b"));
        Assert.Equal(("release", "Ann"), (paused.Pause?.Reason, paused.Pause?.By));
        Assert.Equal(("release", 2), (failing.Pause?.Reason, failing.ConsecutiveFailures));
        Assert.Null((await other.FindAsync())?.Pause);

        foreach (var key in (string[])["a", "b", "never paused"])
            await other.Store.AddCommandAsync(Command(TaskCommandKind.Resume) with { Key = key }, default);
        Assert.Equal(failing with { Pause = null }, await one.FindAsync("b"));
        Assert.Null((await one.FindAsync("a"))?.Pause);
        Assert.Null((await one.FindAsync("never paused"))?.Pause);
    }

    /// <summary>The host on which the key recovers does not know that an operator has paused it meanwhile.</summary>
    [Fact]
    public async Task A_key_that_recovers_keeps_a_pause_that_the_change_does_not_clear()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop("a") with { ConsecutiveFailures = 2, LastEnded = Slot(1) } });
        await other.Store.AddCommandAsync(Command(TaskCommandKind.Pause) with { Key = "a", Reason = "release" }, default);
        var recovered = StoreHost.Loop("a") with { LastOutcome = IterationOutcome.Succeeded, LastEnded = Slot(2) };
        await one.SaveAsync(new LoopChange { Loop = recovered, IsForgotten = true });

        var stored = await ReadKeyAsync(other, "a");
        Assert.Equal(("release", 0), (stored.Pause?.Reason, stored.ConsecutiveFailures));
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop("a"), IsForgotten = true, HasPauseChanged = true });
        Assert.Null(await other.FindAsync("a"));
    }

    /// <summary>The claim guards a slot that is running.</summary>
    [Fact]
    public async Task A_key_with_a_claim_is_not_forgotten()
    {
        var host = await StartAsync();
        await host.LoadAsync(StoreHost.Nightly);
        Assert.True(await host.ClaimAsync(Slot(1), "a"));
        await host.SaveAsync(new LoopChange { Loop = StoreHost.Loop("a"), IsForgotten = true });

        Assert.Equal(Slot(1), (await host.FindAsync("a"))?.LastSlot);
        Assert.Null(await host.EndAsync(Slot(1), "a"));
    }

    /// <summary>A page shows why a loop does not run any more.</summary>
    [Fact]
    public async Task The_end_of_a_loop_stays_until_a_change_says_that_it_has_changed()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        foreach (var key in (string?[])[null, "a"])
        {
            var loop = StoreHost.Loop(key);
            var ended = loop with { End = LoopEnd.Failures, EndReason = "5 failures in a row." };
            await one.SaveAsync(new LoopChange { Loop = ended, HasEndChanged = true });
            await other.SaveAsync(new LoopChange { Loop = loop with { LastEnded = Slot(1), ConsecutiveFailures = 5 } });
            Assert.Equal(ended with { LastEnded = Slot(1), ConsecutiveFailures = 5 }, await other.FindAsync(key));

            await other.SaveAsync(new LoopChange { Loop = loop, HasEndChanged = true });
            Assert.Equal((null, null), await EndOfAsync(one, key));
        }
    }

    /// <summary>A pause or an end is no outcome.</summary>
    [Fact]
    public async Task A_change_without_an_outcome_leaves_the_last_one_as_it_is()
    {
        var host = await StartAsync();
        foreach (var key in (string?[])[null, "a"])
        {
            var loop = StoreHost.Loop(key) with
            {
                LastEnded = Slot(1),
                LastOutcome = IterationOutcome.TimedOut,
                ConsecutiveFailures = 3,
            };
            var pause = new TaskPause { Reason = "3 failures in a row.", Since = Slot(2) };
            await host.SaveAsync(new LoopChange { Loop = loop });
            await host.SaveAsync(new LoopChange { Loop = StoreHost.Loop(key) with { Pause = pause }, HasPauseChanged = true });

            Assert.Equal(loop with { Pause = pause }, await host.FindAsync(key));
        }
    }

    private static async Task<StoredLoop> ReadKeyAsync(StoreHost host, string key)
    {
        var stored = await host.FindAsync(key);
        Assert.NotNull(stored);
        return stored;
    }

    private static async Task<(LoopEnd?, string?)> EndOfAsync(StoreHost host, string? key) =>
        await host.FindAsync(key) is { } loop ? (loop.End, loop.EndReason) : default;
}
