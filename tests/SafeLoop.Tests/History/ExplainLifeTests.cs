using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

/// <summary>What is said of an instant before a loop began, after it ended, or before its oldest record.</summary>
public class ExplainLifeTests
{
    [Fact]
    public void Before_the_task_was_registered()
    {
        using var host = Run(task => task.Every(10.Seconds));
        const string Expected = "'t' had no slot at 2025-12-31 23:59:50 UTC: this host registered it at 2026-01-01 00:00:00 "
            + "UTC, ";

        Assert.Equal(Expected + "and memory has no record of an earlier host.", host.Why("t", -10));
        Assert.Equal(
            Expected + "and the store has no earlier record of it.", host.Explain("t", -10, store: new EntryStore()).Text);
    }

    [Fact]
    public void Before_the_schedule_begins()
    {
        using var host = Run(task => task.Every(10.Seconds).StartAfter(60.Seconds));
        host.Advance(75.Seconds);

        Assert.Equal(
            "'t' had no slot at 2026-01-01 00:00:30 UTC: its schedule counts from 2026-01-01 00:01:00 UTC (the start of the "
                + "loop, "
                + "StartAt, StartAfter, or the last change of its options); no slot before it is known; the slot after it is "
                + "2026-01-01 00:01:00 UTC.",
            host.Why("t", 30));
    }

    [Fact]
    public void Before_the_host_has_started()
    {
        using var host = new LoopHost(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));

        Assert.Equal(
            "'t' has no slot at 2026-01-01 00:00:00 UTC: its schedule has not begun, because the host or the application has not "
                + "started.",
            host.Why("t", 0));
    }

    [Fact]
    public void Before_this_host_but_after_an_entry_of_another()
    {
        using var host = Run(task => task.Every(10.Seconds));
        var store = new EntryStore(Entry("t", -1000, IterationOutcome.Succeeded));

        Assert.Equal(
            "'t' has no record of 2025-12-31 23:45:00 UTC: its schedule counts from 2026-01-01 00:00:00 UTC, and before that no "
                + "record is of this slot, so it was not due or no host was running; the slot before it is 2025-12-31 23:43:20 "
                + "UTC, "
                + "which ran and succeeded; the slot after it is 2026-01-01 00:00:00 UTC.",
            host.Explain("t", -900, store: store).Text);
    }

    [Fact]
    public void After_the_loop_has_ended()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(15.Seconds);
        host["t"].Stop("maintenance");
        host.Advance(1.Minutes);

        var found = host.Explain("t", 20);
        Assert.Equal(
            "'t' has no slot at 2026-01-01 00:00:20 UTC: its loop ended at 2026-01-01 00:00:15 UTC because it was stopped by "
                + "hand "
                + "(maintenance).",
            found.Text);
        Assert.Equal((LoopHost.Start + 10.Seconds, null), (found.SlotBefore, found.SlotAfter));
        Assert.StartsWith("'t' has no slot at 2026-02-", host.Why("t", 4_000_000));
    }

    [Fact]
    public void Between_two_loops()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(15.Seconds);
        host["t"].Stop();
        host.Advance(1.Minutes);
        host["t"].Start();
        host.Advance(15.Seconds);

        Assert.StartsWith(
            "'t' has no record of 2026-01-01 00:00:30 UTC: its schedule counts from 2026-01-01 00:01:15 UTC, and before that no "
                + "record",
            host.Why("t", 30));
    }

    [Theory]
    [InlineData("stopAfter", "no slot was left (2 iterations have run)")]
    [InlineData("while", "a While check returned false or an Until check true")]
    [InlineData("step", "a step stopped it (done)")]
    [InlineData("failures", "it had failed too often (2 failures in a row)")]
    public void After_it_has_ended_because(string how, string expected)
    {
        var runs = 0;
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("t", (iteration, _) =>
            {
                if (++runs == 2 && how is "step")
                    iteration.StopLoop("done");
                return how is "failures" ? throw new FormatException() : default(ValueTask);
            }).Every(10.Seconds);
            _ = how switch
            {
                "stopAfter" => task.StopAfter(2),
                "while" => task.While(() => runs < 2),
                "failures" => task.StopAfterFailures(2),
                _ => task,
            };
        });
        host.Advance(1.Minutes);

        Assert.Contains($" because {expected}", host.Why("t", 50));
    }

    [Fact]
    public void After_its_EndAt()
    {
        using var host = Run(task => task.Every(10.Seconds).EndAt(LoopHost.Start + 60.Seconds));
        host.Advance(5.Seconds);

        Assert.Equal(
            "'t' has no slot at 2026-01-01 00:01:10 UTC: none is after its EndAt 2026-01-01 00:01:00 UTC; the slot before it is "
                + "2026-01-01 00:01:00 UTC; no slot after it is known.",
            host.Why("t", 70));
    }

    [Fact]
    public void Older_than_what_is_kept()
    {
        using var host = Run(task => task.Every(10.Seconds).Configure(options => options.HistoryLength = 3));
        host.Advance(100.Seconds);

        Assert.Equal(
            "The record of 't' at 2026-01-01 00:00:30 UTC is no longer in memory, which keeps the last 3 records; the oldest is "
                + "of "
                + "2026-01-01 00:01:20 UTC.",
            host.Why("t", 30));
        Assert.Equal(20, (host.Explain("t", 30).SlotBefore - LoopHost.Start)?.TotalSeconds);
    }

    [Theory]
    [InlineData(false, "The store has no record of 't' at 2026-01-01 00:00:30 UTC or before: no host recorded one, or all that "
        + "old "
        + "were deleted.")]
    [InlineData(true, "The store has no record of 't' at 2026-01-01 00:00:30 UTC: no host was running then, or it succeeded and "
        + "successes that old were deleted, which are kept for a shorter time than other outcomes.")]
    public void Older_than_what_the_store_keeps(bool hasEarlier, string expected)
    {
        using var host = Run(task => task.Cron("*/10 * * * * *").Configure(options => options.HistoryLength = 1));
        host.Advance(100.Seconds);
        var store = hasEarlier
            ? new EntryStore(Entry("t", 10, IterationOutcome.Failed), Entry("t", 60, IterationOutcome.Failed))
            : new EntryStore();

        Assert.Equal(expected, host.Explain("t", 30, store: store).Text);
    }

    private static LoopHost Run(
        Action<IRecurringTaskBuilder> configure, Func<Iteration, CancellationToken, ValueTask>? step = null) =>
        LoopHost.Run(services => configure(services.AddRecurringTask("t", step ?? Steps.None)));
}
