using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Locks;

/// <summary>A lease is renewed while the step runs, and the step is cancelled before the lease can have expired.</summary>
public class LeaseRenewalTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ScriptedLocks _locks = new();
    private readonly TaskCompletionSource _gate = new();

    [Fact] // Coravel#351, ShedLock#606 #1242
    public void A_lease_is_renewed_at_every_third_while_the_step_runs_and_then_released()
    {
        using var host = Run(_ => new(_gate.Task));
        host.Advance(Second * 35);
        host.Release(_gate);
        host.Advance(Second * 60);

        Assert.Equal(["acquire 0", "renew 10", "renew 20", "renew 30", "release 35"], _locks.Journal);
        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public void A_lease_that_does_not_expire_is_not_renewed()
    {
        _locks.AtMostFor = () => Timeout.InfiniteTimeSpan;
        using var host = Run(_ => new(_gate.Task));
        host.Advance(Second * 100);
        host.Release(_gate);

        Assert.Equal(["acquire 0", "release 100"], _locks.Journal);
    }

    [Fact]
    public void A_renewal_that_says_no_interrupts_the_step_at_once()
    {
        _locks.Renew = _ => new(false);
        using var host = Run(Cancelled.By);
        host.Advance(Second * 100);

        AssertLost(host, after: Second * 10);
        Assert.Equal(["acquire 0", "renew 10", "release 10"], _locks.Journal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_renewal_that_throws_is_tried_again_and_the_step_is_cancelled_before_the_lease_can_have_expired(bool atOnce)
    {
        _locks.Renew = _ => atOnce ? throw new IOException() : ValueTask.FromException<bool>(new IOException());
        using var host = Run(Cancelled.By);
        host.Advance(Second * 100);

        AssertLost(host, after: Second * 27);
        Assert.Equal(["acquire 0", "renew 10", "renew 20", "release 27"], _locks.Journal);
        Assert.Equal(2, host.Observer.Of(LoopEventKind.Fault).Count(fault => fault.Exception is IOException));
    }

    [Fact]
    public void A_short_outage_of_the_store_is_survived()
    {
        var calls = 0;
        _locks.Renew = _ => ++calls % 2 == 1 ? throw new IOException() : new(true);
        using var host = Run(_ => new(_gate.Task));
        host.Advance(Second * 95);
        host.Release(_gate);

        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public void A_renewal_that_hangs_does_not_delay_the_verdict()
    {
        _locks.Renew = async token => { await Cancelled.By(token); return true; };
        using var host = Run(Cancelled.By);
        host.Advance(Second * 100);

        AssertLost(host, after: Second * 27);
        // The second instead of the first, which was given up.
        Assert.Equal(["acquire 0", "renew 10", "renew 20", "release 27"], _locks.Journal);
        Assert.Contains("A renewal of the lock was not answered within 00:00:10; trying again while the lease is still ours.",
            host.Faults());
    }

    [Fact]
    public void A_renewal_that_hangs_on_a_dead_connection_is_tried_again_on_another()
    {
        var calls = 0;
        _locks.Renew = async token =>
        {
            if (++calls == 1)
                await Cancelled.By(token);
            return true;
        };
        using var host = Run(_ => new(_gate.Task));
        host.Advance(Second * 45);
        host.Release(_gate);

        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
        Assert.Equal(["acquire 0", "renew 10", "renew 20", "renew 30", "renew 40", "release 45"], _locks.Journal);
    }

    [Fact]
    public void A_lock_that_was_waited_for_is_renewed_before_the_step_starts_since_its_grant_time_is_unknown()
    {
        var given = new TaskCompletionSource<bool>();
        _locks.Acquire = (_, _) => new(given.Task);
        using var host = Run(_ => new(_gate.Task), LockHeld.Wait);
        host.Advance(Second * 100);
        given.SetResult(true);
        host.WaitFor(LoopEventKind.IterationStarted, 1);
        host.Advance(Second * 15);
        host.Release(_gate);
        host.WaitFor(LoopEventKind.IterationEnded, 1); // the provider has answered on a thread that is not the host's

        Assert.Equal(["acquire 0", "renew 100", "renew 110", "release 115"], _locks.Journal);
    }

    [Fact]
    public void A_renewal_that_hangs_for_ever_does_not_hold_the_loop()
    {
        _locks.Renew = _ => new(new TaskCompletionSource<bool>().Task);
        using var host = Run(Cancelled.By);
        host.Advance(Second * 100);

        AssertLost(host, after: Second * 30); // waited for as long as the lease may be ours
        host.Advance(Second * 1000);
        Assert.Equal(2, host["locked"].Snapshot().Iterations);
    }

    [Fact]
    public void When_the_provider_says_the_lock_is_lost_the_step_is_interrupted_at_once()
    {
        using var lost = new CancellationTokenSource();
        _locks.Lost = () => lost.Token;
        using var host = Run(Cancelled.By);
        host.Advance(Second * 5);
        host.Do(lost.Cancel);

        AssertLost(host, after: Second * 5);
    }

    [Fact] // redbeat#230
    public void Losing_a_lock_is_a_normal_outcome_and_the_loop_goes_on()
    {
        _locks.Renew = _ => new(false);
        using var host = Run(Cancelled.By);
        host.Advance(Second * 1010);

        Assert.Equal([IterationOutcome.Interrupted, IterationOutcome.Interrupted], host.Outcomes());
        Assert.Equal(0, host["locked"].Snapshot().ConsecutiveFailures);
        Assert.Equal(RecurringTaskState.Waiting, host["locked"].State);
    }

    [Fact]
    public void A_step_that_ignores_the_loss_and_returns_is_Interrupted_never_Succeeded()
    {
        _locks.Renew = _ => new(false);
        using var host = Run(_ => new(_gate.Task));
        host.Advance(Second * 15);
        host.Release(_gate);

        AssertLost(host, after: Second * 15);
    }

    [Fact]
    public void The_loss_of_an_earlier_lease_does_not_interrupt_a_later_iteration()
    {
        var sources = new List<CancellationTokenSource>();
        _locks.Lost = () => { sources.Add(new()); return sources[^1].Token; };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask("locked", (iteration, token) => iteration.Number == 1 ? ValueTask.CompletedTask : new(_gate.Task))
            .Every(Second).WithLock("lock"));
        host.Advance(Second);
        host.Do(sources[0].Cancel);
        host.Release(_gate);

        Assert.Equal([IterationOutcome.Succeeded, IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public void A_renewal_that_says_no_too_late_does_not_interrupt_a_later_iteration()
    {
        var answer = new TaskCompletionSource<bool>();
        _locks.Renew = _ => new(answer.Task);
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask("locked", (iteration, token) => iteration.Number == 1 ? Cancelled.By(token) : new(_gate.Task))
            .WithDelay(Second).WithLock("lock"));
        host.Advance(Second * 35); // the first was waited for until its lease must have expired; the second runs
        Assert.Equal(2, host["locked"].Snapshot().Iterations);
        host.Do(() => answer.SetResult(false));
        host.Release(_gate);

        Assert.Equal([IterationOutcome.Interrupted, IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public async Task A_renewal_that_proves_a_lease_and_fails_after_it_was_given_up_leaves_no_unobserved_exception()
    {
        var unobserved = await UnobservedErrors.FindAsync<InvalidTimeZoneException>(() =>
        {
            var (late, gate) = (new TaskCompletionSource<bool>(), new TaskCompletionSource<bool>());
            _locks.Acquire = (_, _) => new(gate.Task);
            _locks.Renew = _ => new(late.Task);
            using var host = Run(_ => default, LockHeld.Wait);
            host.Advance(Second * 20);
            host.Do(() => gate.SetResult(true));
            host.Advance(Second * 40);
            Assert.Equal([IterationOutcome.Failed], host.Outcomes());
            late.SetException(new InvalidTimeZoneException("on purpose"));
            (_locks.Acquire, _locks.Renew) = ((_, _) => new(true), _ => new(true)); // they held the task
            return Task.CompletedTask;
        });

        Assert.Empty(unobserved);
    }

    [Fact] // db-scheduler#365
    public void At_shutdown_the_lock_is_renewed_until_the_step_has_ended_and_then_released()
    {
        using var host = Run(_ => new(_gate.Task));
        host.Advance(Second * 5);
        var stopped = host.StopHost();
        host.Advance(Second * 20);
        Assert.Equal(["acquire 0", "renew 10", "renew 20"], _locks.Journal);

        host.Release(_gate);
        host.Wait(stopped);
        Assert.Equal("release 25", _locks.Journal[^1]);
        Assert.Equal(OutcomeReason.HostStopping, Assert.Single(host.Records()).Reason);
    }

    private static void AssertLost(LoopHost host, TimeSpan after)
    {
        var record = host.Records()[0];
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.LockLost, after),
            (record.Outcome, record.Reason, record.Elapsed));
    }

    private LoopHost Run(Func<CancellationToken, ValueTask> step, LockHeld whenHeld = LockHeld.Skip)
    {
        var host = new LoopHost(services => services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask("locked", (_, token) => step(token)).Every(Second * 1000).WithLock("lock", whenHeld));
        _locks.Time = host.Clock;
        host.StartHost();
        return host;
    }
}
