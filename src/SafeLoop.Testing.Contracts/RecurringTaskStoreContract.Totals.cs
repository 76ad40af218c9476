using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Totals per hour and gaps: what is counted when it is not kept.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>A chart adds up whatever was saved when.</summary>
    [Fact]
    public async Task Totals_of_an_hour_are_added_and_the_greatest_values_kept()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.SaveAsync(one.Batch() with { Totals = [Total(Slot(0), 5, elapsed: 10, longest: 4, late: 1)] });
        await other.SaveAsync(other.Batch() with { Totals = [Total(Slot(0), 2, elapsed: 7, longest: 6, late: 0)] });

        Assert.Equal(
            [Total(Slot(0), 7, elapsed: 17, longest: 6, late: 1)], await ReadTotalsAsync(one.Store, StoreHost.Nightly));
    }

    /// <summary>Each hour, outcome, reason and task has a total of its own.</summary>
    [Fact]
    public async Task Totals_of_different_hours_outcomes_reasons_and_tasks_are_apart()
    {
        var host = await StartAsync();
        await host.LoadAsync("hourly");
        HourlyTotal[] totals =
        [
            Total(Slot(0), 1),
            Total(Slot(60), 2),
            Total(Slot(0), 3) with { Outcome = IterationOutcome.Failed },
            Total(Slot(0), 4) with { Outcome = IterationOutcome.Skipped, Reason = OutcomeReason.Paused },
            Total(Slot(0), 5) with { Outcome = IterationOutcome.Skipped, Reason = OutcomeReason.LockHeld },
        ];
        await host.SaveAsync(host.Batch() with { Totals = [.. totals, Total(Slot(0), 6) with { TaskName = "hourly" }] });
        await host.SaveAsync(host.Batch() with { Totals = totals });

        Assert.Equal(
            totals.Select(total => total.Count * 2),
            (await ReadTotalsAsync(host.Store, StoreHost.Nightly)).Select(total => total.Count).Order());
        Assert.Equal(6, Assert.Single(await ReadTotalsAsync(host.Store, "hourly")).Count);
    }

    /// <summary>A reader of the history sees that something is missing.</summary>
    [Fact]
    public async Task Gaps_are_kept_as_they_are()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        HistoryGap[] gaps =
        [
            new()
            {
                From = Slot(0).AddMicroseconds(1),
                To = Slot(9).AddMicroseconds(2),
                Missing = new() { Succeeded = 1_000_000, Skipped = 7 },
            },
            new() { From = Slot(5), To = Slot(5), Missing = new() { Failed = 1 } },
            new() { From = Slot(5), To = Slot(5), Missing = new() { Failed = 1 } }, // another one that is equal
        ];
        await one.SaveAsync(one.Batch() with { Gap = gaps[0] });
        await one.SaveAsync(one.Batch() with { Gap = gaps[1] });
        await other.SaveAsync(other.Batch() with { Gap = gaps[2] });

        Assert.Equal(gaps, (await ReadGapsAsync(one.Store)).OrderBy(gap => gap.From));
    }

    /// <summary>A page shows what is missing of the last day.</summary>
    [Fact]
    public async Task Gaps_are_read_since_an_instant_the_last_first()
    {
        var (host, other) = (await StartAsync(0), await StartAsync(1, "-other"));
        for (var n = 1; n <= 4; n++)
            await host.SaveAsync(host.Batch() with { Gap = Gap(n % 4) });
        await other.SaveAsync(other.Batch() with { Gap = Gap(9) });

        Assert.Equal([Gap(3), Gap(2)], await host.Store.QueryGapsAsync(Slot(2), default));
        Assert.Empty(await host.Store.QueryGapsAsync(Slot(3).AddMicroseconds(1), default));

        static HistoryGap Gap(int number) =>
            new() { From = Slot(0), To = Slot(number), Missing = new() { Failed = 1 + number } };
    }

    private static ValueTask<IReadOnlyList<HistoryGap>> ReadGapsAsync(IRecurringTaskStore store) =>
        store.QueryGapsAsync(DateTimeOffset.MinValue, default);

    private static async ValueTask<IReadOnlyList<HourlyTotal>> ReadTotalsAsync(IRecurringTaskStore store, string task)
    {
        var query = new TotalQuery { TaskName = task, From = DateTimeOffset.UnixEpoch, To = Slot(0).AddYears(1_000) };
        return [.. (await ReadTotalsAsync(store, query)).OrderBy(total => total.Hour)];
    }

    private static HourlyTotal Total(
        DateTimeOffset hour, long count, double elapsed = 0, double longest = 0, double late = 0) => new()
        {
            TaskName = StoreHost.Nightly,
            Hour = hour,
            Outcome = IterationOutcome.Succeeded,
            Count = count,
            Elapsed = TimeSpan.FromSeconds(elapsed),
            LongestElapsed = TimeSpan.FromSeconds(longest),
            MaxLateness = TimeSpan.FromSeconds(late),
        };
}
