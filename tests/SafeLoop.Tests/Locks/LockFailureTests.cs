using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Locks;

/// <summary>A lock store that is down, or that breaks its contract, fails iterations and never the loop.</summary>
public class LockFailureTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ScriptedLocks _locks = new();
    private int _runs;

    [Theory]
    [InlineData(LockHeld.Skip)]
    [InlineData(LockHeld.Wait)]
    [InlineData(LockHeld.Stop)]
    public void A_lock_store_that_is_down_fails_the_iteration_which_is_backed_off_and_the_loop_lives(LockHeld whenHeld)
    {
        _locks.Acquire = (_, _) => throw new IOException("store down");
        using var host = Run(task => task.WithDelay(Second).BackOff(Second * 10, Second * 60).WithLock("lock", whenHeld));
        host.Advance(Second * 35);

        Assert.Equal([0, 10, 30], host.Records().Select(record => (record.Started - LoopHost.Start).TotalSeconds));
        Assert.All(host.Outcomes(), outcome => Assert.Equal(IterationOutcome.Failed, outcome));
        Assert.Equal(0, _runs);

        _locks.Acquire = (_, _) => new(true);
        host.Advance(Second * 40);
        Assert.Equal(IterationOutcome.Succeeded, host.Records()[3].Outcome);
    }

    [Fact]
    public void A_release_that_throws_is_reported_and_does_not_change_the_outcome()
    {
        _locks.Release = () => throw new IOException("cannot release");
        using var host = Run(task => task.WithDelay(Second).WithLock("lock"));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Succeeded, IterationOutcome.Succeeded], host.Outcomes());
        Assert.Equal(2, host.Faults().Count(text => text!.Contains("released")));
    }

    [Fact]
    public void A_release_that_hangs_for_ever_holds_the_loop_no_longer_than_the_lease()
    {
        _locks.Release = () => new(new TaskCompletionSource().Task);
        using var host = Run(task => task.WithDelay(Second).WithLock("lock"));
        host.Advance(Second * 29);
        Assert.Empty(host.Records());

        host.Advance(Second);
        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    [Theory]
    [InlineData("fence")]
    [InlineData("length")]
    [InlineData("lost")]
    public void A_lease_whose_members_throw_fails_the_iteration_and_is_given_back(string member)
    {
        if (member == "fence")
            _locks.Fence = _ => throw new IOException(member);
        else if (member == "length")
            _locks.AtMostFor = () => throw new IOException(member);
        else
            _locks.Lost = () => throw new IOException(member);
        using var host = Run(task => task.WithDelay(Second).WithLock("lock"));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Outcomes());
        Assert.Equal(2, _locks.Journal.Count(line => line.StartsWith("release")));
    }

    [Fact]
    public void A_lease_whose_members_begin_to_throw_while_it_is_held_breaks_nothing()
    {
        var gate = new TaskCompletionSource();
        using var host = Run(task => task.WithDelay(Second * 1000).WithLock("lock"), () => new(gate.Task));
        (_locks.Fence, _locks.AtMostFor, _locks.Lost) = (_ => throw new IOException(), () => throw new IOException(),
            () => throw new IOException());
        host.Advance(Second * 45);
        host.Release(gate);

        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
        Assert.Equal(4, _locks.Journal.Count(line => line.StartsWith("renew")));
    }

    [Fact]
    public void An_acquisition_that_hangs_ends_with_the_iterations_time_limit()
    {
        _locks.Acquire = async (_, token) => { await Cancelled.By(token); return true; };
        using var host = Run(task => task.WithDelay(Second * 100).WithTimeout(Second * 2).WithLock("lock"));
        host.Advance(Second * 3);

        Assert.Equal((IterationOutcome.TimedOut, 0), (host.Records()[0].Outcome, _runs));
    }

    [Fact]
    public void A_lock_that_comes_after_the_cancellation_is_given_back_and_the_step_does_not_run()
    {
        var gate = new TaskCompletionSource<bool>();
        _locks.Acquire = (_, _) => new(gate.Task);
        using var host = Run(task => task.WithDelay(Second * 100).WithLock("lock"));
        var stopped = host.StopHost();
        host.Advance(Second);
        host.Do(() => gate.SetResult(true));
        host.Wait(stopped);

        Assert.Equal(0, _runs);
        Assert.Equal(["acquire 0", "release 1"], _locks.Journal);
        Assert.Equal(IterationOutcome.Interrupted, Assert.Single(host.Outcomes()));
    }

    [Fact]
    public void At_least_for_holds_the_lock_after_a_short_step()
    {
        using var host = Run(task => task.WithDelay(Second * 100).WithLock("lock", atLeastFor: Second * 10));
        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes()); // the loop does not wait for it
        host.Advance(Second * 50);

        Assert.Equal(["acquire 0", "release 10"], _locks.Journal);
    }

    [Fact]
    public void At_least_for_is_no_longer_than_the_step_when_that_is_longer()
    {
        var gate = new TaskCompletionSource();
        using var host = Run(task => task.WithDelay(Second * 100).WithLock("lock", atLeastFor: Second * 5), () => new(gate.Task));
        host.Advance(Second * 8);
        host.Release(gate);

        Assert.Equal(["acquire 0", "release 8"], _locks.Journal);
    }

    [Fact]
    public void At_least_for_ends_with_the_host_which_it_does_not_delay()
    {
        using var host = Run(task => task.WithDelay(Second * 100).WithLock("lock", atLeastFor: Second * 10));
        host.Advance(Second * 2);
        host.Wait(host.StopHost());
        host.Advance(Second * 100);

        Assert.Equal(["acquire 0", "release 2"], _locks.Journal);
    }

    [Fact]
    public void A_release_that_throws_after_at_least_for_breaks_nothing()
    {
        _locks.Release = () => throw new IOException("cannot release");
        using var host = Run(task => task.WithDelay(Second * 5).WithLock("lock", atLeastFor: Second * 3));
        host.Advance(Second * 6);

        Assert.Equal([IterationOutcome.Succeeded, IterationOutcome.Succeeded], host.Outcomes());
        Assert.Single(host.Faults());
    }

    private LoopHost Run(Action<IRecurringTaskBuilder> configure, Func<ValueTask>? step = null)
    {
        var host = new LoopHost(services => configure(services.AddSingleton<ILoopLockProvider>(_locks)
            .AddRecurringTask("locked", (_, _) => { _runs++; return step?.Invoke() ?? ValueTask.CompletedTask; })));
        _locks.Time = host.Clock;
        host.StartHost();
        return host;
    }
}
