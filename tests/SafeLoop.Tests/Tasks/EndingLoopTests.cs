using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

/// <summary>A stopping loop starts nothing more and answers at once, while one of its iterations may still drain.</summary>
public class EndingLoopTests
{
    private readonly List<long> _started = [];
    private readonly TaskCompletionSource<bool> _answer = new();

    [Theory]
    [InlineData("stop", "Interrupted(Cancelled)")]
    [InlineData("remove", "Interrupted(Removed)")]
    [InlineData("host", "Interrupted(HostStopping)")]
    public void What_waits_for_its_lock_when_the_loop_stops_does_not_start_and_is_not_waited_for(string how, string outcome)
    {
        var locks = new ScriptedLocks { Acquire = (_, token) => WaitForTheLock(token) };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("t", Step).Every(10.Seconds).WithLock("lock", LockHeld.Wait).DrainFor(4.Seconds));
        Stop(host, how);
        host.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(outcome, Outcomes(host));
        Assert.Empty(_started);
    }

    [Fact]
    public void A_lock_that_is_given_only_after_the_stop_and_whatever_the_token_says_starts_nothing()
    {
        var locks = new ScriptedLocks { Acquire = (_, _) => new(_answer.Task) };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("t", Step).Every(10.Seconds).WithLock("lock", LockHeld.Wait).DrainFor(4.Seconds));
        Stop(host, "stop");
        host.Do(() => _answer.SetResult(true));

        Assert.Equal("Interrupted(Cancelled)", Outcomes(host));
        Assert.Equal(["acquire 0", "release 0"], locks.Journal);
        Assert.Empty(_started);
    }

    [Fact]
    public void A_While_check_that_is_running_when_the_loop_stops_starts_nothing()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Step).Every(10.Seconds)
            .While(async _ => await _answer.Task).DrainFor(4.Seconds));
        Stop(host, "stop");
        host.Do(() => _answer.SetResult(true));

        Assert.Equal("Interrupted(Cancelled)", Outcomes(host));
        Assert.Empty(_started);
    }

    [Theory]
    [InlineData(Overlap.Skip)]
    [InlineData(Overlap.Allow)]
    [InlineData(Overlap.CancelRunning)]
    public void A_While_check_that_stops_its_loop_starts_nothing(Overlap overlap)
    {
        LoopHost? host = null;
        using (host = new LoopHost(services => services.AddRecurringTask("t", Step).Every(10.Seconds).OnOverlap(overlap)
            .DrainFor(4.Seconds).While(() =>
            {
                host!["t"].Stop();
                return true;
            })))
        {
            host.StartHost();
            host.Advance(1.Seconds);

            Assert.Equal("Interrupted(Cancelled)", Outcomes(host));
            Assert.Empty(_started);
        }
    }

    [Fact]
    public void When_a_step_ends_the_loop_a_parallel_iteration_that_waits_for_its_lock_does_not_start()
    {
        var asked = 0;
        var locks = new ScriptedLocks { Acquire = (_, token) => ++asked == 1 ? new(true) : WaitForTheLock(token) };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("t", async (iteration, token) =>
            {
                _started.Add(iteration.Number);
                await Steps.Wait(iteration, 15.Seconds, token);
                iteration.StopLoop("Done.");
            }).Every(10.Seconds).WithLock("lock", LockHeld.Wait).OnOverlap(Overlap.Allow, 5));
        host.Advance(20.Seconds);

        Assert.Equal([1], _started);
        Assert.True(host["t"].Completion.IsCompleted);
        Assert.Equal((LoopEnd.StoppedByStep, "Succeeded, Skipped(Disabled)"), (host.EndOf("t"), Outcomes(host)));
    }

    [Fact]
    public void What_has_started_may_drain_as_before()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(3.Seconds)).Every(10.Seconds)
            .WithLock("lock").While(() => true).DrainFor(4.Seconds));
        Stop(host, "stop");
        host.Advance(3.Seconds);

        Assert.Equal("Succeeded", Outcomes(host));
    }

    [Fact]
    public void A_parked_key_that_waits_for_its_lock_does_not_start_either()
    {
        var locks = new ScriptedLocks { Acquire = (_, token) => WaitForTheLock(token) };
        using var poll = new Keys.PollHost(task =>
        {
            task.Every(10.Seconds).WithLock("lock", LockHeld.Wait).DrainFor(4.Seconds);
            task.Services.AddSingleton<ILoopLockProvider>(locks);
        });
        poll.Add("a");
        poll.Keys.TryRemove("a");
        poll.Host.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("Interrupted(Removed)", Outcomes(poll.Host));
        Assert.Empty(poll.Script.Runs);
    }

    [Theory]
    [InlineData(Overlap.Skip)]
    [InlineData(Overlap.BufferAll)]
    [InlineData(Overlap.Allow)]
    public void While_a_loop_ends_a_run_by_hand_and_a_change_are_answered_at_once(Overlap overlap)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(3.Seconds)).Every(10.Seconds)
            .OnOverlap(overlap).DrainFor(4.Seconds));
        Stop(host, "stop");
        var run = host["t"].RunNowAsync();
        var change = host["t"].ChangeAsync(options => options.Every = 20.Seconds);

        Assert.True(run.IsCompleted && change.IsCompleted);
        Assert.Equal(OutcomeReason.Disabled, run.Answer().Reason);
        host.Advance(3.Seconds);
        Assert.True(host["t"].Completion.IsCompleted);
        host["t"].Start();
        host.Advance(23.Seconds);
        Assert.Equal(
            [0, 3, 23],
            host.Records().Where(record => record.Number > 0).Select(record => (record.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public void Runs_by_hand_and_changes_of_before_the_stop_are_answered_before_the_iteration_has_drained()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(3.Seconds)).Every(10.Seconds)
            .OnOverlap(Overlap.BufferAll).DrainFor(4.Seconds));
        var run = host["t"].RunNowAsync();
        var change = host["t"].ChangeAsync(options => options.Every = 20.Seconds);
        Stop(host, "stop");

        Assert.Equal(OutcomeReason.Cancelled, run.Answer().Reason);
        host.Wait(change);
        Assert.False(host["t"].Completion.IsCompleted);
    }

    [Theory]
    [InlineData(Overlap.Skip)]
    [InlineData(Overlap.BufferOne)]
    [InlineData(Overlap.Allow)]
    public void A_step_that_stops_its_loop_and_then_asks_for_a_run_or_a_change_is_answered_at_once(Overlap overlap)
    {
        LoopHost? host = null;
        using (host = new LoopHost(services => services.AddRecurringTask("t", async (iteration, _) =>
        {
            host!["t"].Stop();
            await host["t"].ChangeAsync(options => options.Every = 20.Seconds);
            Assert.Equal(OutcomeReason.Disabled, (await host["t"].RunNowAsync()).Reason);
            _started.Add(iteration.Number);
        }).Every(10.Seconds).OnOverlap(overlap).DrainFor(3.Seconds)))
        {
            host.StartHost();
            host.Advance(1.Seconds);

            Assert.Equal([1], _started);
        }
    }

    private ValueTask Step(Iteration iteration, CancellationToken token)
    {
        _started.Add(iteration.Number);
        return default;
    }

    private static async ValueTask<bool> WaitForTheLock(CancellationToken token)
    {
        await Cancelled.By(token);
        return false;
    }

    private static void Stop(LoopHost host, string how)
    {
        if (how == "host")
            _ = host.StopHost();
        else if (how == "remove")
            host.Tasks.Remove("t");
        else
            host["t"].Stop();
        host.Settle();
    }

    private static string Outcomes(LoopHost host) => string.Join(", ", host.Records()
        .Select(record => record.Reason is OutcomeReason.None ? $"{record.Outcome}" : $"{record.Outcome}({record.Reason})"));
}
