using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

/// <summary>What is said of a slot that has a record: one test per way in which a slot can end.</summary>
public class ExplainOutcomeTests
{
    [Fact]
    public void Succeeded()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.Taking(TimeSpan.FromSeconds(2.5))).Every(10.Seconds));
        host.Advance(25.Seconds);

        var found = host.Explain("T", 10);
        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC ran and succeeded: it started at 2026-01-01 00:00:10 UTC and took 2.5 s "
                + "(iteration 2).",
            found.Text);
        Assert.Equal(IterationOutcome.Succeeded, found.Entry!.Record.Outcome);
        Assert.Equal(
            (LoopHost.Start, LoopHost.Start + 20.Seconds, "t", null),
            (found.SlotBefore, found.SlotAfter, found.TaskName, found.Key));
    }

    [Fact]
    public void Failed()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", (_, _) => throw new FormatException("no\nnumber")).Every(10.Seconds));

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:00 UTC ran and failed with 'FormatException: no\\nnumber': "
                + "it started at 2026-01-01 00:00:00 UTC and took 0 ms (iteration 1).",
            host.Why("t", 0));
    }

    [Fact]
    public void TimedOut()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.Taking(5.Minutes)).Every(1.Hours).WithTimeout(90.Seconds));
        host.Advance(2.Minutes);

        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:00 UTC ran and was cancelled at its time limit", host.Why("t", 0));
        Assert.EndsWith("and took 00:01:30 (iteration 1); its time limit is 00:01:30.", host.Why("t", 0));
    }

    [Fact]
    public void Interrupted_by_a_newer_run()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.Taking(15.Seconds, 1.Seconds))
                .Every(10.Seconds).OnOverlap(Overlap.CancelRunning));
        host.Advance(12.Seconds);

        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:00 UTC was interrupted because a newer run took its place "
                + "(Overlap.CancelRunning)",
            host.Why("t", 0));
    }

    [Fact]
    public void Interrupted_by_hand()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(1.Hours)).Every(2.Hours));
        host.Do(() => host["t"].Stop("maintenance"));
        host.Settle();

        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:00 UTC was cancelled by hand", host.Why("t", 0));
    }

    [Fact]
    public void Skipped_while_paused_like_others()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host["t"].Pause("maintenance");
        host.Advance(45.Seconds);

        const string Others = "was skipped because the task was paused since 2026-01-01 00:00:00 UTC (maintenance), like 3 "
            + "others from 2026-01-01 00:00:10 UTC to 2026-01-01 00:00:40 UTC; it is paused now since 2026-01-01 00:00:00 UTC "
            + "(maintenance).";
        Assert.Equal($"The slot of 't' at 2026-01-01 00:00:40 UTC {Others}", host.Why("t", 40));
        Assert.Equal($"The slot of 't' at 2026-01-01 00:00:20 UTC {Others}", host.Why("t", 20));
        Assert.Equal(10, (host.Explain("t", 20).SlotBefore - LoopHost.Start)?.TotalSeconds);
        Assert.Equal(30, (host.Explain("t", 20).SlotAfter - LoopHost.Start)?.TotalSeconds);
    }

    [Fact]
    public void Skipped_while_paused_without_a_grid_lies_among_others()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).WithDelay(10.Seconds));
        host["t"].Pause();
        host.Advance(45.Seconds);

        Assert.Equal(
            "'t' has no record of 2026-01-01 00:00:23 UTC alone: it lies among 4 slots from 2026-01-01 00:00:10 UTC to "
                + "2026-01-01 00:00:40 UTC, each of which was skipped because the task was paused since 2026-01-01 00:00:00 UTC "
                + "(Paused by hand).",
            host.Why("t", 23));
    }

    [Fact]
    public void Skipped_because_the_previous_one_was_running()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.Taking(15.Seconds, 1.Seconds)).Every(10.Seconds));
        host.Advance(25.Seconds);

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC was skipped because it came due while the previous iteration was "
                + "running.",
            host.Why("t", 10));
    }

    [Fact]
    public void Skipped_because_it_was_missed()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host.Sleep(45.Seconds);

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:20 UTC was skipped because it was noticed 25 s late (the process did not run, "
                + "or was overloaded), like 2 others from 2026-01-01 00:00:10 UTC to 2026-01-01 00:00:30 "
                + "UTC.",
            host.Why("t", 20));
        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:40 UTC ran and succeeded: it started 5 s late and took 0 ms (iteration 2).",
            host.Why("t", 40));
    }

    [Fact]
    public void Skipped_because_the_buffer_was_full()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.Taking(35.Seconds)).Every(10.Seconds).OnOverlap(Overlap.BufferOne));
        host.Advance(38.Seconds);

        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:20 UTC was skipped because the buffer of waiting slots", host.Why("t", 20));
    }

    [Fact]
    public void Skipped_because_it_is_disabled()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.None).Every(10.Seconds).Configure(options => options.Enabled = false));
        host.Advance(10.Seconds);

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC was skipped because the task was disabled or its loop was not running "
                + "(disabled by the option Enabled), like one other from 2026-01-01 00:00:00 UTC to 2026-01-01 00:00:10 "
                + "UTC; it is disabled now (Disabled by the option Enabled).",
            host.Why("t", 10));
    }

    [Fact]
    public void Skipped_because_the_lock_was_held()
    {
        var locks = new ScriptedLocks { Acquire = (_, _) => new(false) };
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<ILoopLockProvider>(locks);
            services.AddRecurringTask("t", Steps.None).Every(10.Seconds).WithLock("door", LockHeld.Skip);
        });

        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:00 UTC was skipped because another owner held its lock "
                + "'door'", host.Why("t", 0));
    }

    [Fact]
    public void Skipped_because_a_check_ended_the_loop()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", Steps.None).Every(10.Seconds).While(() => false));

        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:00 UTC was skipped because a While check returned false", host.Why("t", 0));
    }

    [Fact]
    public void Interrupted_because_its_lock_was_lost()
    {
        using var lost = new CancellationTokenSource();
        var locks = new ScriptedLocks { Lost = () => lost.Token };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("t", Steps.Taking(5.Minutes)).Every(1.Hours).WithLock("door"));
        host.Do(lost.Cancel);
        host.Settle();

        var text = host.Why("t", 0);
        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:00 UTC was interrupted because its lock 'door' was lost, or its lease could not "
                + "be renewed in time", text);
        Assert.EndsWith(" and took 0 ms (iteration 1), under the fencing token 1.", text);
    }

    [Fact]
    public void A_run_by_hand_is_said_to_be_one()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host.Advance(3.Seconds);
        var slot = host.Run("t").Slot;

        Assert.Equal(
            "The run by hand of 't' at 2026-01-01 00:00:03 UTC ran and succeeded: it started at 2026-01-01 00:00:03 UTC "
                + "and took 0 ms (iteration 2).",
            host.Explain("t", slot).Text);
    }

    [Theory]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.HostLost,
        "was interrupted because its host ended without recording the outcome: it started at 2026-01-01 00:00:10 UTC")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.HostStopping,
        "was interrupted because the host was stopping, before it had started")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.LockLost,
        "was interrupted because its lock was lost, or its lease could not be renewed in time, before it had started")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.Removed,
        "was interrupted because the task was removed, before it had started")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.AlreadyRun,
        "was skipped because another replica had already claimed or recorded this slot or a later one")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.HostDown, "was skipped because no host was running when it came due")]
    [InlineData(IterationOutcome.Skipped, (OutcomeReason)250, "ended as Skipped (250)")]
    public void What_only_a_store_knows(IterationOutcome outcome, OutcomeReason reason, string expected)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("*/10 * * * * *"));
        var found = host.Explain("t", 10, store: new EntryStore(Entry("t", 10, outcome, reason)));

        Assert.Equal($"The slot of 't' at 2026-01-01 00:00:10 UTC {expected}.", found.Text);
        Assert.Equal(reason, found.Entry!.Record.Reason);
    }

    [Fact]
    public void Slots_that_passed_while_no_host_was_running_are_one_entry()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("*/10 * * * * *"));
        var down = Entry("t", 1000, IterationOutcome.Skipped, OutcomeReason.HostDown, count: 100, first: 10);

        var found = host.Explain("t", 500, store: new EntryStore(down));
        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:08:20 UTC was skipped because no host was running when it came due, like 99 "
                + "others from "
                + "2026-01-01 00:00:10 UTC to 2026-01-01 00:16:40 UTC; a host noticed it at 2026-01-01 00:16:40 UTC.",
            found.Text);
        Assert.Equal(down, found.Entry);
        Assert.Equal(490, (found.SlotBefore - LoopHost.Start)?.TotalSeconds);
    }

    [Fact]
    public void The_entry_of_a_replica_that_ran_comes_before_one_that_skipped()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("*/10 * * * * *"));
        var instance = new Guid("00000000-0000-0000-0000-000000000007");
        var ran = Entry("t", 10, IterationOutcome.Succeeded) with { FencingToken = 42, Instance = instance };
        var store = new EntryStore(Entry("t", 10, IterationOutcome.Skipped, OutcomeReason.LockHeld), ran);

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC ran and succeeded: it started at 2026-01-01 00:00:10 UTC and took 0 ms, "
                + "under "
                + $"the fencing token 42, recorded by instance {instance}; another record of this slot says that it was skipped "
                + "because another owner held its lock.",
            host.Explain("t", 10, store: store).Text);
    }
}
