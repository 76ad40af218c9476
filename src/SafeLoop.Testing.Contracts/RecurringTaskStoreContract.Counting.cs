using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Counting: what is recorded one by one is counted in the same transaction.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>A host that is killed after it has recorded an outcome cannot count it any more.</summary>
    [Fact]
    public async Task Each_outcome_that_is_recorded_counts_once()
    {
        var host = await StartAsync();
        Assert.True(await host.ClaimAsync(Slot(0)));
        Assert.Null(await AgainAsync(() => RecordAsync(host, Slot(0), IterationOutcome.Failed)));
        Assert.Null(await AgainAsync(() => host.SkipAsync(Slot(9), first: Slot(2), count: 8)));
        var failed = await host.FindAsync();
        Assert.Equal((1, IterationOutcome.Skipped), (failed?.ConsecutiveFailures, failed?.LastOutcome));
        Assert.Null(failed?.LastSuccess);

        Assert.True(await host.ClaimAsync(Slot(10)));
        Assert.Null(await AgainAsync(() => RecordAsync(host, Slot(10), IterationOutcome.TimedOut)));
        Assert.Equal(2, (await host.FindAsync())?.ConsecutiveFailures);
        Assert.True(await host.ClaimAsync(Slot(11)));
        Assert.Null(await AgainAsync(() => RecordAsync(host, Slot(11), IterationOutcome.Succeeded)));

        var state = await host.FindAsync();
        Assert.Equal(new OutcomeCounts { Succeeded = 1, Failed = 1, TimedOut = 1, Skipped = 8 }, state?.Counts);
        Assert.Equal((0, IterationOutcome.Succeeded), (state?.ConsecutiveFailures, state?.LastOutcome));
        Assert.Equal((Slot(11).AddSeconds(2), Slot(11).AddSeconds(2)), (state?.LastEnded, state?.LastSuccess));
        var totals = await ReadTotalsAsync(host.Store, StoreHost.Nightly);
        Assert.Equal([1L, 1L, 1L, 8L], totals.Select(total => total.Count).Order());
        var success = Assert.Single(totals, total => total.Outcome is IterationOutcome.Succeeded);
        Assert.Equal(Total(Slot(0), 1, elapsed: 2, longest: 2), success);
    }

    /// <summary>Its host cannot count it.</summary>
    [Fact]
    public async Task The_slot_of_a_lost_host_counts_once()
    {
        var (gone, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await gone.ClaimAsync(Slot(0)));
        await gone.Store.DisconnectAsync(gone.Id, default);
        await other.SendHeartbeatAsync();
        await other.SendHeartbeatAsync();

        var state = await other.FindAsync();
        Assert.Equal(new OutcomeCounts { Interrupted = 1 }, state?.Counts);
        Assert.Equal((0, IterationOutcome.Interrupted), (state?.ConsecutiveFailures, state?.LastOutcome));
        Assert.Equal(1, Assert.Single(await ReadTotalsAsync(other.Store, StoreHost.Nightly)).Count);
    }

    /// <summary>A run by hand that ended later comes with a batch, which may be saved first.</summary>
    [Fact]
    public async Task An_outcome_that_ended_before_the_last_one_counts_and_changes_nothing_else()
    {
        var host = await StartAsync();
        Assert.True(await host.ClaimAsync(Slot(0)));
        var later = StoreHost.Loop() with
        {
            LastEnded = Slot(5),
            LastOutcome = IterationOutcome.Succeeded,
            LastSuccess = Slot(5),
            Counts = new() { Succeeded = 1 },
        };
        await host.SaveAsync(new LoopChange { Loop = later });
        Assert.Null(await RecordAsync(host, Slot(0), IterationOutcome.Failed));

        var state = await host.FindAsync();
        Assert.Equal(new OutcomeCounts { Succeeded = 1, Failed = 1 }, state?.Counts);
        Assert.Equal((0, IterationOutcome.Succeeded), (state?.ConsecutiveFailures, state?.LastOutcome));
        Assert.Equal(Slot(5), state?.LastEnded);
    }

    /// <summary>All keys would wait for the one row of their task.</summary>
    [Fact]
    public async Task The_outcome_of_a_key_counts_for_the_key_alone()
    {
        var host = await StartAsync();
        Assert.True(await host.ClaimAsync(Slot(0), "a"));
        Assert.Null(await RecordAsync(host, Slot(0), IterationOutcome.Failed, "a"));

        var state = await host.FindAsync("a");
        Assert.Equal((1, new OutcomeCounts { Failed = 1 }), (state?.ConsecutiveFailures, state?.Counts));
        Assert.Equal(default(OutcomeCounts), (await host.FindAsync())?.Counts);
        Assert.Empty(await ReadTotalsAsync(host.Store, StoreHost.Nightly));
    }

    // It ran for two seconds.
    private static ValueTask<DateTimeOffset?> RecordAsync(
        StoreHost host, DateTimeOffset slot, IterationOutcome outcome, string? key = null)
    {
        var entry = host.Entry(slot, outcome, key: key);
        return host.Store.RecordAsync(
            entry with { Record = entry.Record with { Elapsed = TimeSpan.FromSeconds(2) } }, isClaimed: true, default);
    }
}
