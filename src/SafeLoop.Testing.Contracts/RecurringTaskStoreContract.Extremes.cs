using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Extremes: the first and the last instant, the longest span, the greatest number.
public abstract partial class RecurringTaskStoreContract
{
    private static readonly DateTimeOffset Latest = DateTimeOffset.MaxValue.AddTicks(-9); // a whole microsecond

    private static readonly DateTimeOffset[] Instants =
    [
        DateTimeOffset.MinValue, DateTimeOffset.MinValue.AddMicroseconds(1), DateTimeOffset.UnixEpoch.AddMicroseconds(-1),
        DateTimeOffset.UnixEpoch, Latest.AddMicroseconds(-1), Latest,
    ];

    /// <summary>A schedule may begin or end anywhere.</summary>
    [Fact]
    public async Task Any_instant_can_be_claimed_and_recorded()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        foreach (var slot in Instants)
        {
            Assert.True(await one.ClaimAsync(slot));
            Assert.False(await other.ClaimAsync(slot));
            Assert.Null(await one.EndAsync(slot));
            Assert.Equal(slot, (await other.FindAsync())?.LastSlot);
        }

        Assert.Equal(Instants.Reverse(), (await one.ReadAsync()).Select(entry => entry.Record.Slot));
    }

    /// <summary>Whatever the clock of the machine said.</summary>
    [Fact]
    public async Task Any_instant_span_and_number_comes_back_unchanged()
    {
        var host = await StartAsync();
        var entries = Instants.Select(slot => host.Entry(slot) with
        {
            FirstSlot = DateTimeOffset.MinValue,
            FencingToken = long.MaxValue,
            TraceId = "ffffffffffffffffffffffffffffffff",
            Record = new()
            {
                Number = long.MaxValue,
                Slot = slot,
                Started = Instants[^(1 + Array.IndexOf(Instants, slot))],
                Elapsed = TimeSpan.FromTicks(long.MaxValue / 10 * 10),
                Outcome = IterationOutcome.Failed,
                Count = long.MaxValue,
            },
        }).ToList();
        var loops = Instants.Select((instant, n) => StoreHost.Loop($"{n}") with
        {
            LastSlot = instant,
            LastEnded = instant,
            LastSuccess = instant,
            ConsecutiveFailures = int.MaxValue,
            Counts = new() { Succeeded = long.MaxValue, Skipped = long.MaxValue },
            Pause = new() { Reason = "release", Since = instant, Until = instant },
        }).ToList();
        await host.SaveAsync(host.Batch() with
        {
            History = entries,
            Loops = [.. loops.Select(loop => new LoopChange { Loop = loop, HasPauseChanged = true })],
            Gap = new() { From = DateTimeOffset.MinValue, To = Latest, Missing = loops[0].Counts },
        });

        Assert.Equal(Enumerable.Reverse(entries), await host.ReadAsync());
        var stored = await host.LoadAsync(StoreHost.Nightly);
        Assert.Equal(loops, stored.Where(loop => loop.Key is not null).OrderBy(loop => loop.Key, StringComparer.Ordinal));
        Assert.Equal(Latest, Assert.Single(await ReadGapsAsync(host.Store)).To);
    }

    /// <summary>A filter may be open in all but name.</summary>
    [Fact]
    public async Task A_query_may_begin_and_end_at_any_instant_and_go_on_from_it()
    {
        var host = await StartAsync();
        await host.SaveAsync([.. Instants.Select(slot => host.Entry(slot))]);

        foreach (var (from, n) in Instants.Select((instant, n) => (instant, n)))
        {
            var all = await host.ReadAsync(new() { From = from, To = Latest, PageSize = 1 });
            Assert.Equal(Instants[n..^1].Reverse(), all.Select(entry => entry.Record.Slot));
            Assert.Equal(n, (await host.ReadAsync(new() { From = DateTimeOffset.MinValue, To = from })).Count);
        }
    }

    /// <summary>What never ends overflows nothing.</summary>
    [Fact]
    public async Task The_longest_spans_mean_for_ever()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        Assert.True(await one.ClaimAsync(Slot(0)));
        var command = Command(TaskCommandKind.RunNow, TimeSpan.MaxValue) with { Until = Latest };
        await one.Store.AddCommandAsync(command, default);
        await one.SaveAsync(one.Entry(Slot(0), key: "a"));
        await AdvanceAsync(LostAfter * 1.3);

        var heartbeat = await other.Store.SendHeartbeatAsync(other.Id, StoreHost.Idle, after: 0, TimeSpan.MaxValue, default);
        Assert.Empty(heartbeat.Lost);
        Assert.True(heartbeat.Commands[0].ExpiresAfter > TimeSpan.FromDays(1_000_000));
        Assert.Equal(Latest, heartbeat.Commands[0].Until);
        Assert.True(await other.Store.TryTakeCommandAsync(command.Id, other.Id, default));
        await DeleteAsync(
            other, new() { Successes = TimeSpan.MaxValue, Others = TimeSpan.MaxValue, Totals = TimeSpan.MaxValue });
        Assert.Single(await one.ReadAsync());
        Assert.False((await one.SendHeartbeatAsync()).IsLost);
    }
}
