using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

/// <summary>What is said of an instant without a record: one test per case.</summary>
public class ExplainAbsenceTests
{
    [Fact]
    public void Not_due()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(25.Seconds);

        var found = host.Explain("t", 13);
        Assert.Equal(
            "'t' was not due at 2026-01-01 00:00:13 UTC; the slot before it is 2026-01-01 00:00:10 UTC, which ran and succeeded; "
                + "the slot after it is 2026-01-01 00:00:20 UTC.",
            found.Text);
        Assert.Null(found.Entry);
        Assert.Equal((LoopHost.Start + 10.Seconds, LoopHost.Start + 20.Seconds), (found.SlotBefore, found.SlotAfter));
    }

    [Fact]
    public void Not_due_between_slots_that_were_skipped()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host["t"].Pause();
        host.Advance(45.Seconds);

        Assert.Equal(
            "'t' was not due at 2026-01-01 00:00:25 UTC; the slot before it is 2026-01-01 00:00:20 UTC; "
                + "the slot after it is 2026-01-01 00:00:30 UTC.",
            host.Why("t", 25));
    }

    [Fact]
    public void Not_due_while_the_iteration_before_was_running()
    {
        using var host = Run(task => task.Cron("0 * * * *"), Steps.Taking(10.Minutes));
        host.Advance(3.Hours);

        Assert.Equal(
            "'t' was not due at 2026-01-01 01:05:00 UTC; the slot before it is 2026-01-01 01:00:00 UTC, which ran and succeeded and "
                + "was still running then; the slot after it is 2026-01-01 02:00:00 UTC.",
            host.Why("t", 3900));
    }

    [Theory]
    [InlineData("delay", "its slots depend on the end of the iteration before (WithDelay)", 0, 10)]
    [InlineData("continuous", "its slots depend on the end of the iteration before (Continuously)", 0, 5)]
    [InlineData("policy", "its delay policy selects each slot when the one before has ended (DelayBy)", 0, 7)]
    public void Not_due_where_slots_depend_on_iterations(string schedule, string expected, int before, int after)
    {
        using var host = Run(
            task => _ = schedule switch
            {
                "delay" => task.WithDelay(5.Seconds),
                "continuous" => task.Continuously(),
                _ => task.DelayBy(new ScriptedPolicy((history, _) => (history.LastSlot ?? LoopHost.Start - 7.Seconds) + 7.Seconds)),
            },
            Steps.Taking(5.Seconds));
        host.Advance(21.Seconds);

        Assert.StartsWith(
            $"'t' was not due at 2026-01-01 00:00:03 UTC: {expected}; the slot before it is 2026-01-01 00:00:0{before} UTC, which ran "
                + "and succeeded and was still running then; the slot after it is 2026-01-01 00:00:", host.Why("t", 3), StringComparison.Ordinal);
        Assert.Equal(after, (host.Explain("t", 3).SlotAfter - LoopHost.Start)?.TotalSeconds);
    }

    [Fact]
    public void Excluded()
    {
        using var host = Run(task => task.Cron("0 * * * *", "Europe/Berlin")
            .Except(Exclusion.Weekdays(DayOfWeek.Sunday))
            .Except(Exclusion.Times(new(3, 0), new(5, 0))));
        host.Advance(12.Hours);

        Assert.Equal(
            "'t' has no slot at 2026-01-01 04:00:00 +01:00: its schedule has one there, but the time from 2026-01-01 03:00:00 +01:00 to "
                + "2026-01-01 05:00:00 +01:00 is excluded by Exclusion.Times(03:00:00 to 05:00:00); the slot before it is "
                + "2026-01-01 02:00:00 +01:00, which ran and succeeded; the slot after it is 2026-01-01 05:00:00 +01:00.",
            host.Why("t", 3 * 3600));
    }

    [Theory]
    [InlineData("dates", "Exclusion.Dates or Exclusion.Weekdays")]
    [InlineData("cron", "Exclusion.Cron(\"0 2 * * *\")")]
    public void Excluded_by(string kind, string expected)
    {
        using var host = Run(task => task.Every(1.Hours)
            .Except(Exclusion.Times(new(23, 0), new(23, 30)))
            .Except(kind is "dates" ? Exclusion.Dates(new DateOnly(2026, 1, 1)) : Exclusion.Cron("0 2 * * *", 2.Hours)));
        host.Advance(24.Hours);

        Assert.Contains($" is excluded by {expected};", host.Why("t", 2 * 3600), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_task_was_registered()
    {
        using var host = Run(task => task.Every(10.Seconds));
        const string Expected = "'t' had no slot at 2025-12-31 23:59:50 UTC: this host registered it at 2026-01-01 00:00:00 UTC, ";

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
            "'t' had no slot at 2026-01-01 00:00:30 UTC: its schedule counts from 2026-01-01 00:01:00 UTC (the start of the loop, "
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
                + "record is of this slot, so it was not due or no host was running; the slot before it is 2025-12-31 23:43:20 UTC, "
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
            "'t' has no slot at 2026-01-01 00:00:20 UTC: its loop ended at 2026-01-01 00:00:15 UTC because it was stopped by hand "
                + "(maintenance).",
            found.Text);
        Assert.Equal((LoopHost.Start + 10.Seconds, null), (found.SlotBefore, found.SlotAfter));
        Assert.StartsWith("'t' has no slot at 2026-02-", host.Why("t", 4_000_000), StringComparison.Ordinal);
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
            "'t' has no record of 2026-01-01 00:00:30 UTC: its schedule counts from 2026-01-01 00:01:15 UTC, and before that no record",
            host.Why("t", 30), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stopAfter", "no slot was left (2 iterations have run)")]
    [InlineData("while", "a While check returned false or an Until check true")]
    [InlineData("step", "a step stopped it (done)")]
    [InlineData("failures", "it had failed too often (2 failures in a row (StopAfterFailures 2))")]
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

        Assert.Contains($" because {expected}", host.Why("t", 50), StringComparison.Ordinal);
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
            "The record of 't' at 2026-01-01 00:00:30 UTC is no longer in memory, which keeps the last 3 records; the oldest is of "
                + "2026-01-01 00:01:20 UTC.",
            host.Why("t", 30));
        Assert.Equal(20, (host.Explain("t", 30).SlotBefore - LoopHost.Start)?.TotalSeconds);
    }

    [Theory]
    [InlineData(false, "The store has no record of 't' at 2026-01-01 00:00:30 UTC or before: no host recorded one, or all that old "
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

    [Fact]
    public void In_the_future()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(5.Seconds);

        Assert.Equal(
            "2026-01-01 00:00:30 UTC is a slot of 't' that is yet to come; the slot before it is 2026-01-01 00:00:20 UTC; the slot "
                + "after it is 2026-01-01 00:00:40 UTC.",
            host.Why("t", 30));
        Assert.Equal(
            "'t' will not be due at 2026-01-01 00:00:33 UTC; the slot before it is 2026-01-01 00:00:30 UTC; the slot after it is "
                + "2026-01-01 00:00:40 UTC.",
            host.Why("t", 33));
    }

    [Fact]
    public void In_the_future_while_it_is_paused_or_disabled()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("paused", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("disabled", Steps.None).Every(10.Seconds).Configure(options => options.Enabled = false);
        });
        host["paused"].Pause("maintenance");

        Assert.EndsWith("; it is paused now (maintenance).", host.Why("paused", 30), StringComparison.Ordinal);
        Assert.EndsWith("; it is disabled now (Disabled by the option Enabled).", host.Why("disabled", 33), StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_future_where_slots_depend_on_iterations()
    {
        using var host = Run(task => task.WithDelay(10.Seconds));

        Assert.Equal(
            "Whether 't' will be due at 2026-01-01 00:00:30 UTC is not known yet: its slots depend on the end of the iteration before "
                + "(WithDelay); the slot before it is 2026-01-01 00:00:10 UTC; no slot after it is known.",
            host.Why("t", 30));
    }

    [Fact]
    public void Running()
    {
        using var host = Run(task => task.Every(1.Minutes), Steps.Taking(40.Seconds));
        host.Advance(70.Seconds);

        Assert.Equal(
            "The iteration of the slot of 't' at 2026-01-01 00:01:00 UTC has no outcome yet: it has been running since "
                + "2026-01-01 00:01:00 UTC, now in step 't'.",
            host.Why("t", 60));
    }

    [Fact]
    public void Waiting_for_the_iteration_that_is_running()
    {
        using var host = Run(task => task.Every(10.Seconds).OnOverlap(Overlap.BufferOne), Steps.Taking(1.Minutes));
        host.Advance(15.Seconds);

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC has no outcome yet: it waits for the iteration that is running.",
            host.Why("t", 10));
    }

    [Fact]
    public void Waiting_for_its_jitter()
    {
        using var host = Run(task => task.Cron("* * * * *").WithJitter(50.Seconds));
        host.Advance(59.Seconds);
        while (host.Clock.GetUtcNow() < host["t"].Snapshot().NextSlot)
            host.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Contains("has no outcome yet: its time has come, and it waits for its jitter", host.Why("t", 60), StringComparison.Ordinal);
    }

    [Fact]
    public void Put_off_by_its_back_off()
    {
        using var host = Run(
            task => task.Every(10.Seconds).BackOff(1.Minutes, 1.Hours, jitter: false), (_, _) => throw new FormatException());
        host.Advance(30.Seconds);

        const string Expected = "'t' was not due at 2026-01-01 00:00:20 UTC: its schedule has a slot there, but after a failure its "
            + "back-off put the next slot off to 2026-01-01 00:01:00 UTC";
        Assert.StartsWith(Expected, host.Why("t", 20), StringComparison.Ordinal);
        host.Advance(60.Seconds);
        Assert.StartsWith(Expected, host.Why("t", 20), StringComparison.Ordinal);
    }

    [Fact]
    public void Passed_over_by_a_step()
    {
        var runs = 0;
        using var host = Run(task => task.Every(10.Seconds), (iteration, _) =>
        {
            if (++runs == 1)
                iteration.NextIn(45.Seconds);
            return default;
        });
        host.Advance(60.Seconds);

        Assert.Equal(
            "'t' was not due at 2026-01-01 00:00:20 UTC: its schedule has a slot there, but a step selected its next slot, its "
                + "back-off put it off, or its options were changed; the slot before it is 2026-01-01 00:00:00 UTC, which ran and "
                + "succeeded; the slot after it is 2026-01-01 00:00:45 UTC.",
            host.Why("t", 20));
    }

    [Fact]
    public void After_a_change_the_new_schedule_counts_from_there()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(25.Seconds);
        _ = host["t"].ChangeAsync(options => options.Every = 30.Seconds);
        host.Advance(90.Seconds);

        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:20 UTC ran", host.Why("t", 20), StringComparison.Ordinal);
        Assert.StartsWith("The slot of 't' at 2026-01-01 00:01:20 UTC ran", host.Why("t", 80), StringComparison.Ordinal);
        Assert.StartsWith("'t' was not due at 2026-01-01 00:01:00 UTC;", host.Why("t", 60), StringComparison.Ordinal);
    }

    private static LoopHost Run(
        Action<IRecurringTaskBuilder> configure, Func<Iteration, CancellationToken, ValueTask>? step = null) =>
        LoopHost.Run(services => configure(services.AddRecurringTask("t", step ?? Steps.None)));
}
