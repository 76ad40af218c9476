using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

/// <summary>The evidence for an answer, as data and in the sentence.</summary>
public class ExplainEvidenceTests
{
    [Fact]
    public void Who_held_the_lock_and_with_which_token()
    {
        var token = 0L;
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("backup", async (iteration, ct) =>
            {
                token = iteration.FencingToken;
                await Steps.Wait(iteration, 5.Minutes, ct);
            }).Every(1.Hours).WithLock("door");
            services.AddRecurringTask("report", Steps.None).Every(1.Minutes).StartAfter(30.Seconds).WithLock("door");
        });
        host.Advance(2.Minutes);

        var found = host.Explain("report", 30);
        Assert.Equal(
            "The slot of 'report' at 2026-01-01 00:00:30 UTC was skipped because another owner held its lock 'door' (held by "
                + "task 'backup' of this host), like one other from 2026-01-01 00:00:30 UTC to 2026-01-01 00:01:30 UTC; the "
                + $"fencing token of the holder was {token}.",
            found.Text);
        Assert.Equal((token, "Held by task 'backup' of this host."), (found.Entry!.FencingToken, found.Cause));
        Assert.Equal(SlotFinding.Recorded, found.Finding);
    }

    [Fact]
    public void A_provider_reports_the_token_of_a_holder_elsewhere()
    {
        var locks = new ScriptedLocks { Acquire = (request, _) => { request.OnHeld?.Invoke(42); return new(false); } };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("t", Steps.None).Every(10.Seconds).WithLock("door"));

        var found = host.Explain("t", 0);
        Assert.EndsWith("held its lock 'door'; the fencing token of the holder was 42.", found.Text);
        Assert.Equal((42, null), (found.Entry!.FencingToken, found.Cause));
    }

    [Fact]
    public void A_lock_that_is_held_for_its_minimum_time()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", Steps.None).Every(10.Seconds).WithLock("door", atLeastFor: 15.Seconds));
        host.Advance(12.Seconds);

        Assert.Contains("(held by task 't' of this host for its minimum time (atLeastFor))", host.Why("t", 10));
    }

    [Fact]
    public void The_pause_that_skipped_a_slot_also_when_it_has_ended()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(5.Seconds);
        var pause = new TaskPause
        {
            Reason = "release: it's 2026-01-01 until noon",
            By = "O'Hara since 1999",
            Since = LoopHost.Start + 5.Seconds,
            Until = LoopHost.Start + 1.Minutes,
        };
        host.Do(() => host["t"].PauseAsync(pause.Reason, pause.By, pause.Until));
        host.Advance(20.Seconds);
        host["t"].Resume();
        host.Advance(2.Minutes);

        var found = host.Explain("t", 10);
        Assert.Equal(pause, found.Pause);
        Assert.Equal((pause.Since, pause.Until), (found.Since, found.Until));
        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC was skipped because the task was paused by 'O'Hara since 1999' since "
                + "2026-01-01 00:00:05 UTC until 2026-01-01 00:01:00 UTC (release: it's 2026-01-01 until noon), like one other "
                + "from 2026-01-01 00:00:10 UTC to 2026-01-01 00:00:20 UTC.",
            found.Text);
    }

    [Fact]
    public void The_pause_in_force_for_an_instant_that_is_yet_to_come()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Do(() => host["t"].PauseAsync("release", "Ann", LoopHost.Start + 1.Minutes));

        Assert.Equal("Ann", host.Explain("t", 30).Pause?.By);
        Assert.Null(host.Explain("t", 90).Pause);
    }

    [Theory]
    [InlineData(false, "The process did not run, or was overloaded.")]
    [InlineData(true, "The clock went forward by 00:00:45: it was set, or the machine was suspended.")]
    public void A_miss_says_how_late_it_was_noticed_and_why(bool isClockSet, string cause)
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        host.Advance(5.Seconds);
        if (isClockSet)
            host.Clock.SetWallClock(LoopHost.Start + 50.Seconds);
        else
            host.Sleep(45.Seconds);
        host.Advance(20.Seconds);

        var found = host.Explain("t", 20);
        Assert.Equal((OutcomeReason.Missed, cause), (found.Entry!.Record.Reason, found.Cause));
        Assert.InRange((found.Until - found.Instant)!.Value, 30.Seconds, 41.Seconds);
        Assert.Contains(" late (the ", found.Text);
    }

    [Fact]
    public void A_failure_says_how_many_in_a_row_came_before_it()
    {
        using var host = Run(task => task.Every(10.Seconds), (iteration, _) =>
            iteration.Number is 1 or > 5 ? default : throw new FormatException());
        host.Advance(60.Seconds);

        Assert.Equal([null, 0, 1, 2, 3, null], Enumerable.Range(0, 6).Select(at => host.Explain("t", at * 10).FailuresBefore));
        Assert.DoesNotContain("before it", host.Why("t", 10));
        Assert.EndsWith("; the iteration before it had failed, too.", host.Why("t", 20));
        Assert.EndsWith("; 3 iterations in a row had failed before it.", host.Why("t", 40));
    }

    [Fact]
    public void A_failure_that_starts_at_the_moment_of_a_success_before_it_counts()
    {
        using var host = Run(
            task => task.Every(10.Seconds).OnOverlap(Overlap.BufferAll), // the slots at 10, 20 and 30 start when the first ends
            async (iteration, token) =>
            {
                await Steps.Wait(iteration, iteration.Number == 1 ? 35.Seconds : 0.Seconds, token);
                if (iteration.Number is 3 or 4)
                    throw new FormatException();
            });
        host.Advance(36.Seconds);

        Assert.Equal([0, 1], new[] { 20, 30 }.Select(at => host.Explain("t", at).FailuresBefore));
    }

    [Fact]
    public void What_lies_outside_the_life_of_a_loop_says_when_it_began_and_ended()
    {
        using var host = Run(task => task.Every(10.Seconds).StartAfter(1.Minutes));
        host.Advance(2.Minutes);
        host["t"].Stop("moved");
        host.Advance(1.Minutes);

        var (before, early, ended) = (host.Explain("t", -10), host.Explain("t", 30), host.Explain("t", 150));
        Assert.Equal((SlotFinding.NotRegistered, LoopHost.Start), (before.Finding, before.Until));
        Assert.Equal((SlotFinding.BeforeSchedule, LoopHost.Start + 1.Minutes), (early.Finding, early.Until));
        Assert.Equal(
            (SlotFinding.Ended, LoopEnd.Stopped, "moved", LoopHost.Start + 2.Minutes),
            (ended.Finding, ended.End, ended.Cause, ended.Since));
    }

    [Fact]
    public void Back_off_says_after_what_and_until_when()
    {
        using var host = Run(
            task => task.Every(10.Seconds).BackOff(1.Minutes, 1.Hours), (_, _) => throw new FormatException("no number"));
        host.Advance(30.Seconds);

        var found = host.Explain("t", 20);
        Assert.Equal(SlotFinding.BackOff, found.Finding);
        Assert.Equal(
            (LoopHost.Start, LoopHost.Start + 60.Seconds, 1, "FormatException: no number"),
            (found.Since, found.Until, found.FailuresBefore, found.Cause));
    }

    [Fact]
    public void An_excluded_day_on_which_the_clock_is_set_is_excluded_as_a_whole()
    {
        var start = new DateTimeOffset(2026, 3, 28, 0, 0, 0, TimeSpan.Zero);
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None).Cron("0 * * * *", "Europe/Berlin")
                .Except(Exclusion.Weekdays(DayOfWeek.Sunday)),
            start: start);

        var found = host.Explain("t", start.AddHours(36));
        Assert.Equal((start.AddHours(23), start.AddHours(46)), (found.Since, found.Until));
        Assert.Equal((SlotFinding.Excluded, "Exclusion.Dates or Exclusion.Weekdays"), (found.Finding, found.Cause));
    }

    [Fact]
    public void The_last_of_several_slots_of_one_record_comes_after_the_one_before_it()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host["t"].Pause();
        host.Advance(45.Seconds);
        host["t"].Resume();
        host.Advance(10.Seconds);

        Assert.Equal(30, (host.Explain("t", 40).SlotBefore - LoopHost.Start)?.TotalSeconds);
    }

    [Fact]
    public void What_no_host_saw_says_since_and_until_when()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        var store = new EntryStore(
            Entry("t", 20, IterationOutcome.Succeeded),
            Entry("t", 50, IterationOutcome.Skipped, OutcomeReason.HostDown, count: 3, first: 30));

        var found = host.Explain("t", 40, store: store);
        Assert.Equal((LoopHost.Start + 20.Seconds, LoopHost.Start + 50.Seconds), (found.Since, found.Until));
        Assert.EndsWith(
            "; the record before it is of 2026-01-01 00:00:20 UTC; a host noticed it at 2026-01-01 00:00:50 UTC.", found.Text);
    }

    [Fact]
    public void An_iteration_whose_shard_was_lost()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        var store = new EntryStore(Entry("t", 20, IterationOutcome.Interrupted, OutcomeReason.ShardLost));

        Assert.StartsWith(
            "The slot of 't' at 2026-01-01 00:00:20 UTC was interrupted because its host gave the loop to another host, or could "
                + "no longer prove that it owned it",
            host.Explain("t", 20, store: store).Text);
    }

    [Fact]
    public void A_lost_host_is_named_with_its_last_heartbeat()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        var lost = Instance("web-1\n", 27);
        var entry = Entry("t", 20, IterationOutcome.Interrupted, OutcomeReason.HostLost) with { Instance = lost.Id };
        var store = new EntryStore(entry) { Instances = [Instance("web-2", 99), lost] };

        var found = host.Explain("t", 20, store: store);
        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:20 UTC was interrupted because its host ended without recording the outcome: "
                + $"it started at 2026-01-01 00:00:20 UTC; its host 'web-1\\n' (instance {lost.Id}) sent its last heartbeat at "
                + "2026-01-01 00:00:27 UTC.",
            found.Text);
        Assert.Equal(LoopHost.Start + 27.Seconds, found.Since);
        var forgotten = host.Explain("t", 20, store: new EntryStore(entry));
        Assert.EndsWith($", on the lost instance {lost.Id}.", forgotten.Text);
        Assert.Equal(LoopHost.Start + 20.Seconds, forgotten.Since);
    }

    [Fact]
    public void While_no_host_was_running_the_last_heartbeat_of_any_of_them_counts()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        HistoryEntry[] entries =
        [
            Entry("t", 20, IterationOutcome.Succeeded),
            Entry("t", 50, IterationOutcome.Skipped, OutcomeReason.HostDown, count: 3, first: 30),
        ];
        var (other, stopped) = (Instance("web-1", 26), Instance("web-2", 21, ended: 28));

        var found = host.Explain("t", 40, store: new EntryStore(entries) { Instances = [Instance("now", 60), other] });
        Assert.Equal((LoopHost.Start + 26.Seconds, LoopHost.Start + 50.Seconds), (found.Since, found.Until));
        Assert.EndsWith($"; the last heartbeat before it, of the host 'web-1' (instance {other.Id}), was at "
            + "2026-01-01 00:00:26 UTC; a host noticed it at 2026-01-01 00:00:50 UTC.", found.Text);

        found = host.Explain("t", 40, store: new EntryStore(entries) { Instances = [other, stopped] });
        Assert.Equal(LoopHost.Start + 28.Seconds, found.Since);
        Assert.Contains($"; before it, the host 'web-2' (instance {stopped.Id}) stopped at 2026-01-01 00:00:28 UTC;", found.Text);
    }

    [Fact]
    public void What_a_later_host_recorded_of_a_lost_one_is_no_sign_of_life()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        var lost = Entry("t", 20, IterationOutcome.Interrupted, OutcomeReason.HostLost);
        var store = new EntryStore(
            lost with { Record = lost.Record with { Elapsed = 70.Seconds } },
            Entry("t", 50, IterationOutcome.Skipped, OutcomeReason.HostDown, count: 3, first: 30));

        Assert.Equal(LoopHost.Start + 20.Seconds, host.Explain("t", 40, store: store).Since);
    }

    [Fact]
    public void What_is_older_than_the_first_record_of_a_store_may_have_been_deleted()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        var store = new EntryStore(Entry("t", -1000, IterationOutcome.Succeeded));

        var found = host.Explain("t", -2000, store: store);
        Assert.Equal((SlotFinding.NotKept, LoopHost.Start - 1000.Seconds), (found.Finding, found.Until));
        Assert.EndsWith(
            "or before: no host recorded one, or all that old were deleted; the first record of it is of 2025-12-31 23:43:20 "
                + "UTC.",
            found.Text);
    }

    [Fact]
    public void Between_records_on_both_sides_of_a_restart_the_schedule_goes_on()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        host.Advance(15.Seconds);
        var store = new EntryStore(
            Entry("t", -1000, IterationOutcome.Succeeded),
            Entry("t", -10, IterationOutcome.Skipped, OutcomeReason.HostDown, count: 99, first: -990));

        Assert.Equal(
            (SlotFinding.NotDue, LoopHost.Start - 510.Seconds, LoopHost.Start - 500.Seconds),
            (host.Explain("t", -503, store: store).Finding, host.Explain("t", -503, store: store).SlotBefore,
                host.Explain("t", -503, store: store).SlotAfter));
        var inside = host.Explain("t", -500, store: store);
        Assert.Equal(
            (LoopHost.Start - 510.Seconds, LoopHost.Start - 490.Seconds), (inside.SlotBefore, inside.SlotAfter));
    }

    private static RecurringTaskInstance Instance(string host, double heartbeat, double? ended = null) => new()
    {
        Id = Guid.NewGuid(),
        Host = host,
        ProcessId = 7,
        State = ended is null ? RecurringTaskInstanceState.Lost : RecurringTaskInstanceState.Stopped,
        LastHeartbeat = LoopHost.Start + TimeSpan.FromSeconds(heartbeat),
        Ended = ended is { } at ? LoopHost.Start + TimeSpan.FromSeconds(at) : null,
    };

    private static LoopHost Run(
        Action<IRecurringTaskBuilder> configure, Func<Iteration, CancellationToken, ValueTask>? step = null) =>
        LoopHost.Run(services => configure(services.AddRecurringTask("t", step ?? Steps.None)));
}
