using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Ending;

/// <summary>Every way in which a loop can end, and how it says why.</summary>
public class LoopEndTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void While_is_asked_before_each_iteration_and_ends_the_loop_with_a_skipped_slot()
    {
        var left = 3;
        using var host = Run(task => task.While(() => left-- > 0));

        AssertEnded(host, LoopEnd.ConditionMet, iterations: 3);
        Assert.Equal((IterationOutcome.Skipped, OutcomeReason.ConditionFalse),
            (host.Records()[3].Outcome, host.Records()[3].Reason));
    }

    [Fact]
    public void While_that_says_no_at_once_runs_nothing()
    {
        using var host = Run(task => task.While(() => false));
        AssertEnded(host, LoopEnd.ConditionMet, iterations: 0);
    }

    [Fact]
    public void All_While_checks_must_say_yes()
    {
        using var host = Run(task => task.While(() => true).While(_ => new ValueTask<bool>(false)));
        AssertEnded(host, LoopEnd.ConditionMet, iterations: 0);
    }

    [Fact]
    public void Until_is_asked_after_each_iteration()
    {
        var asked = 0;
        using var host = Run(task => task.Until(() => ++asked == 3));
        AssertEnded(host, LoopEnd.ConditionMet, iterations: 3);
    }

    [Fact]
    public void Until_is_asked_after_a_failure_too()
    {
        using var host = Run(task => task.Until(() => true), _ => throw new FormatException());
        AssertEnded(host, LoopEnd.ConditionMet, iterations: 1);
        Assert.Equal(IterationOutcome.Failed, host.Records()[0].Outcome);
    }

    [Fact]
    public void StopAfter_counts_iterations_not_skipped_slots()
    {
        var lockHeld = true;
        using var host = Run(task => task.WithLock("lock").StopAfter(3), services: services =>
            services.AddSingleton<ILoopLockProvider>(new ScriptedLocks { Acquire = (_, _) => new(!(lockHeld = !lockHeld)) }));
        AssertEnded(host, LoopEnd.Completed, iterations: 3);
        Assert.Contains("3 iterations", host["task"].Snapshot().StateReason);
    }

    [Fact]
    public void Slots_that_wait_do_not_run_once_the_loop_is_to_end()
    {
        var gate = new TaskCompletionSource();
        using var host = Run(task => task.OnOverlap(Overlap.BufferAll).StopAfter(1), _ => new(gate.Task));
        host.Release(gate);

        AssertEnded(host, LoopEnd.Completed, iterations: 1);
        Assert.Equal(10, host.Records().Count(record => record.Outcome is IterationOutcome.Skipped));
    }

    [Fact]
    public void A_step_can_stop_its_loop_and_its_own_outcome_is_not_changed()
    {
        using var host = Run(_ => { }, iteration =>
        {
            if (iteration.Number == 2)
                iteration.StopLoop("all read");
            return ValueTask.CompletedTask;
        });
        AssertEnded(host, LoopEnd.StoppedByStep, iterations: 2);
        Assert.Equal(IterationOutcome.Succeeded, host.Records()[1].Outcome);
        Assert.Equal("all read", host["task"].Snapshot().StateReason);
    }

    [Fact]
    public void A_step_that_stops_its_loop_and_then_throws_has_failed_and_the_loop_ends()
    {
        using var host = Run(_ => { }, iteration => { iteration.StopLoop(); throw new FormatException(); });
        AssertEnded(host, LoopEnd.StoppedByStep, iterations: 1);
        Assert.Equal(IterationOutcome.Failed, host.Records()[0].Outcome);
    }

    [Fact]
    public void No_slot_is_after_EndAt()
    {
        using var host = Run(task => task.EndAt(LoopHost.Start + Second * 3));
        AssertEnded(host, LoopEnd.Completed, iterations: 4);
    }

    [Fact]
    public void A_loop_stopped_by_hand_or_removed_says_so()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("stopped", (_, _) => ValueTask.CompletedTask).Every(Second);
            services.AddRecurringTask("removed", (_, _) => ValueTask.CompletedTask).Every(Second);
        });
        var removed = host["removed"];
        host["stopped"].Stop("maintenance");
        host.Tasks.Remove("removed");
        host.Settle();

        Assert.Equal((LoopEnd.Stopped, "maintenance"), (host.EndOf("stopped"), host["stopped"].Snapshot().StateReason));
        Assert.Equal(LoopEnd.Removed, removed.Snapshot().End);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_While_check_that_throws_fails_the_iteration_and_the_loop_lives(bool async)
    {
        var asked = 0;
        using var host = Run(task => task.While(_ => ++asked > 2 ? new(true)
            : async ? ValueTask.FromException<bool>(new IOException("unsure"))
            : throw new IOException("unsure")));

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed, IterationOutcome.Succeeded], host.Outcomes().Take(3));
        Assert.Equal(2, host.Logs.Lines.Count(line => line.Exception is IOException));
        Assert.False(host["task"].Completion.IsCompleted);
    }

    [Fact]
    public void A_While_check_that_hangs_ends_with_the_time_limit()
    {
        using var host = Run(task => task.WithTimeout(Second / 2).While(async token =>
        {
            await Cancelled.By(token);
            return true;
        }));
        Assert.All(host.Outcomes(), outcome => Assert.Equal(IterationOutcome.TimedOut, outcome));
        Assert.Equal(10, host.Records().Count);
    }

    [Fact]
    public void An_Until_check_that_throws_is_reported_and_the_loop_goes_on()
    {
        using var host = Run(task => task.Until(_ => throw new IOException("unsure")));

        Assert.Equal(11, host.Faults().Count());
        Assert.All(host.Outcomes(), outcome => Assert.Equal(IterationOutcome.Succeeded, outcome));
    }

    [Fact]
    public void An_Until_check_that_hangs_is_cancelled_with_the_loop()
    {
        using var host = Run(task => task.Until(async token => { await Cancelled.By(token); return true; }));
        host["task"].Stop();
        host.Wait(host["task"].Completion);

        Assert.Equal(LoopEnd.Stopped, host.EndOf("task"));
    }

    [Fact]
    public void A_delay_policy_that_throws_is_reported_and_the_loop_goes_on_a_minute_later()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask)
            .DelayBy(new BrokenPolicy()));
        host.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal([1, 2, 3], host.Records().Select(record => (record.Started - LoopHost.Start).TotalMinutes));
        Assert.True(host.Faults().Count() >= 3);
    }

    [Fact]
    public void A_loop_that_ends_is_never_logged_as_an_error_unless_it_failed()
    {
        using var host = Run(task => task.StopAfter(1));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level > LogLevel.Information);
        Assert.Contains(host.Logs.Lines, line => line.Text.Contains("Loop of 'task' ended: Completed"));
    }

    private static LoopHost Run(
        Action<IRecurringTaskBuilder> configure, Func<Iteration, ValueTask>? step = null,
        Action<IServiceCollection>? services = null)
    {
        var host = LoopHost.Run(all =>
        {
            services?.Invoke(all);
            configure(
                all.AddRecurringTask("task", (iteration, _) => step?.Invoke(iteration) ?? ValueTask.CompletedTask).Every(Second));
        });
        host.Advance(Second * 10);
        return host;
    }

    private static void AssertEnded(LoopHost host, LoopEnd end, int iterations)
    {
        Assert.Equal(end, host.EndOf("task"));
        Assert.Equal(end, Assert.Single(host.Observer.Of(LoopEventKind.LoopEnded)).End);
        Assert.Equal((iterations, RecurringTaskState.Ended), ((int)host["task"].Snapshot().Iterations, host["task"].State));
    }

    private sealed class BrokenPolicy : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now) => throw new IOException("no calendar");
    }
}
