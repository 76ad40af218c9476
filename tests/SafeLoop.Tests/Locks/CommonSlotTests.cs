using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Locks;

/// <summary>Slots that are the same on every machine run once, even when the lock is free again.</summary>
public class CommonSlotTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ScriptedLocks _locks = new();
    private int _runs;

    [Fact]
    public void A_slot_that_another_replica_has_run_is_skipped_although_the_lock_is_free()
    {
        _locks.LastSlot = () => LoopHost.Start + Minute;
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock", atLeastFor: TimeSpan.FromSeconds(30)));
        host.Advance(Minute * 2);

        Assert.Equal([(IterationOutcome.Skipped, OutcomeReason.AlreadyRun), (IterationOutcome.Succeeded, OutcomeReason.None)],
            Ends(host));
        Assert.Equal(1, _runs);
        Assert.Equal(0, host.Records()[0].Number);
        // What did not run is not held for its rest.
        Assert.Equal(["acquire 60", "release 60", "acquire 120", "record 120"], _locks.Journal);
    }

    [Fact]
    public void A_slot_that_ran_is_recorded_before_the_release_whether_it_succeeded_or_failed()
    {
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock"),
            () => _runs == 1 ? throw new FormatException() : ValueTask.CompletedTask);
        host.Advance(Minute * 2);

        Assert.Equal(["acquire 60", "record 60", "release 60", "acquire 120", "record 120", "release 120"], _locks.Journal);
        Assert.Equal([LoopHost.Start + Minute, LoopHost.Start + (Minute * 2)], _locks.Recorded);
    }

    [Fact]
    public void A_slot_that_was_interrupted_is_not_recorded_so_another_replica_may_run_it()
    {
        var started = new TaskCompletionSource();
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock"), () => new(started.Task));
        host.Advance(Minute);
        var stopped = host.StopHost();
        host.Release(started);
        host.Wait(stopped);

        Assert.Equal(IterationOutcome.Interrupted, Assert.Single(host.Outcomes()));
        Assert.Empty(_locks.Recorded);
    }

    [Fact]
    public void A_manual_run_is_not_a_common_slot()
    {
        _locks.LastSlot = () => LoopHost.Start + (Minute * 10);
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock"));
        host.Wait(host["locked"].RunNowAsync());

        Assert.Equal(IterationOutcome.Succeeded, Assert.Single(host.Outcomes()));
        Assert.Empty(_locks.Recorded);
    }

    [Fact]
    public void The_start_and_slots_chosen_by_a_step_are_not_common_slots()
    {
        _locks.LastSlot = () => LoopHost.Start + (Minute * 10);
        using var host = Run(
            task => task.Cron("0 * * * *").RunOnStart().WithLock("lock").Step("choose", (iteration, _) =>
            {
                if (iteration.Number < 3)
                    iteration.NextIn(Minute);
                return default;
            }));
        host.Advance(Minute * 5);

        Assert.Equal(3, _runs);
        Assert.All(host.Outcomes(), outcome => Assert.Equal(IterationOutcome.Succeeded, outcome));
        Assert.Empty(_locks.Recorded);
    }

    [Theory]
    [InlineData("every")]
    [InlineData("delay")]
    [InlineData("policy")]
    public void Slots_that_each_process_counts_for_itself_are_neither_compared_nor_recorded(string schedule)
    {
        _locks.LastSlot = () => throw new InvalidOperationException("not needed");
        using var host = Run(task => _ = schedule switch
        {
            "every" => task.Every(Minute).WithLock("lock"),
            "delay" => task.WithDelay(Minute).WithLock("lock"),
            _ => task.DelayBy(new ScriptedPolicy((_, now) => now + Minute)).WithLock("lock"),
        });
        host.Advance(Minute * 3);

        Assert.Equal(0, host["locked"].Snapshot().Failed);
        Assert.True(_runs >= 2);
        Assert.Empty(_locks.Recorded);
    }

    [Fact] // quartz#1508: a clock that is plainly wrong must not silence the others for years
    public void A_record_from_a_far_future_is_not_obeyed()
    {
        _locks.LastSlot = () => LoopHost.Start.AddDays(400);
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock"));
        host.Advance(Minute);

        Assert.Equal(1, _runs);
        Assert.Equal([LoopHost.Start + Minute], _locks.Recorded);
    }

    [Fact]
    public void A_slot_that_was_missed_for_days_is_skipped_when_another_replica_has_run_later_ones()
    {
        _locks.LastSlot = () => LoopHost.Start.AddDays(3);
        using var host = Run(task => task.Cron("0 12 * * *").OnMissed(MissedSlots.RunAll, window: TimeSpan.FromDays(30))
            .WithLock("lock"));
        host.Sleep(TimeSpan.FromDays(3));

        Assert.Equal(0, _runs);
        Assert.All(Ends(host), end => Assert.Equal(OutcomeReason.AlreadyRun, end.Reason));
        Assert.NotEmpty(Ends(host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_that_fails_or_is_refused_is_reported_and_the_lock_is_released(bool throws)
    {
        _locks.Record = _ => throws ? throw new IOException("store is down") : new(false);
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock"));
        host.Advance(Minute);

        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
        Assert.Contains(throws ? "another replica may run it again" : "the lock already has a later holder",
            Assert.Single(host.Faults()));
        Assert.Equal("release 60", _locks.Journal[^1]);
    }

    [Fact]
    public void A_record_that_hangs_holds_the_loop_no_longer_than_the_lease()
    {
        _locks.Record = _ => new(new TaskCompletionSource<bool>().Task);
        using var host = Run(task => task.Cron("* * * * *").WithLock("lock"));
        host.Advance(Minute + TimeSpan.FromSeconds(29));
        Assert.Empty(host.Records());

        host.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public void Fencing_that_is_required_and_missing_keeps_the_host_from_starting_with_a_sentence()
    {
        _locks.HasFencing = false;
        var error = Assert.Throws<InvalidRecurringTaskException>(() => Run(task => task.Every(Minute).WithLock("prices")
            .RequireFencing()));

        Assert.Contains("Recurring task 'locked': it requires fencing, but the leases of lock 'prices' bear no fencing tokens: "
            + "ScriptedLocks has no source of them. Give it one, or remove RequireFencing.", error.Message);
    }

    [Fact]
    public void A_provider_that_does_not_mention_fencing_does_not_satisfy_RequireFencing()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => LoopHost.Run(services => services.AddSingleton<ILoopLockProvider, PlainLocks>()
                .AddRecurringTask("locked", Steps.None).Every(Minute).WithLock("prices").RequireFencing()));

        Assert.Contains("the leases of lock 'prices' bear no fencing tokens: PlainLocks has no source of them", error.Message);
    }

    [Fact]
    public void The_default_locks_have_fencing()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("locked", Steps.None).Every(Minute).WithLock("prices")
            .RequireFencing());
        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    private sealed class PlainLocks : ILoopLockProvider
    {
        public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken) =>
            new((ILoopLease?)null);
    }

    [Fact]
    public void Fencing_that_is_required_without_a_lock_is_a_mistake()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(() => Run(task => task.Every(Minute).RequireFencing()));
        Assert.Contains("Lock:RequireFencing has no effect without Lock:Name. Call WithLock(name, …), or set Lock:Name.",
            error.Message);
    }

    private static (IterationOutcome Outcome, OutcomeReason Reason)[] Ends(LoopHost host) =>
        [.. host.Records().Select(record => (record.Outcome, record.Reason))];

    private LoopHost Run(Action<IRecurringTaskBuilder> configure, Func<ValueTask>? step = null)
    {
        var host = new LoopHost(services => configure(services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask("locked", (_, _) => { _runs++; return step?.Invoke() ?? ValueTask.CompletedTask; })));
        _locks.Time = host.Clock;
        host.StartHost();
        return host;
    }
}
