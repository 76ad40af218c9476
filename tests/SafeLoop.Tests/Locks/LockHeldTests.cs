using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Locks;

/// <summary>What a loop does when another holder has its lock.</summary>
public class LockHeldTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<string> _runs = [];
    private readonly TaskCompletionSource _gate = new();

    [Fact] // Hangfire#1053 #935 #685
    public void Could_not_lock_is_Skipped_and_never_an_exception_and_never_a_retry()
    {
        using var host = Run(LockHeld.Skip);
        host.Advance(Second * 3);

        Assert.Equal(["holder"], _runs);
        Assert.Equal(3, host["other"].Snapshot().Skipped);
        Assert.All(host.Records("other"), record => Assert.Equal((IterationOutcome.Skipped, OutcomeReason.LockHeld, 0L),
            (record.Outcome, record.Reason, record.Number)));
        Assert.Equal(0, host["other"].Snapshot().ConsecutiveFailures);

        host.Release(_gate);
        host.Advance(Second);
        Assert.Equal(["holder", "other"], _runs);
    }

    [Fact] // gocron#828: the next run was in the past as long as another instance had the lock
    public void The_next_slot_is_one_to_come_although_the_lock_was_held()
    {
        using var host = Run(LockHeld.Skip);
        for (var second = 0; second < 3; second++)
        {
            host.Advance(Second);
            Assert.Equal(host.Clock.GetUtcNow() + Second, host["other"].Snapshot().NextSlot);
        }
    }

    [Fact]
    public void Wait_runs_as_soon_as_the_lock_is_free()
    {
        using var host = Run(LockHeld.Wait);
        host.Advance(Second * 3);
        Assert.Equal(["holder"], _runs);
        Assert.Equal(RecurringTaskState.Running, host["other"].State);

        host.Release(_gate);
        host.WaitFor(LoopEventKind.IterationEnded, 2); // a lock is handed on in the thread pool
        Assert.Equal(["holder", "other"], _runs);
        Assert.Equal(IterationOutcome.Succeeded, host.Records("other")[0].Outcome);
    }

    [Fact]
    public void Wait_is_within_the_iterations_time_limit()
    {
        using var host = Run(LockHeld.Wait, task => task.WithTimeout(Second * 2));
        host.Advance(Second * 4);
        host.WaitFor(LoopEventKind.IterationEnded, 1);

        Assert.Equal(["holder"], _runs);
        Assert.Equal((IterationOutcome.TimedOut, 0), (host.Records("other")[0].Outcome, host.Records("other")[0].Number));
    }

    [Theory]
    [InlineData(LockHeld.Wait, IterationOutcome.TimedOut, 5)]
    [InlineData(LockHeld.Skip, IterationOutcome.Succeeded, 0)]
    public void A_step_that_awaits_a_run_under_its_own_lock_waits_for_itself_until_its_time_limit(
        LockHeld whenHeld, IterationOutcome outcome, int seconds)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("asks", (IRecurringTasks all, CancellationToken ct) => (Task)all["asked"].RunNowAsync(ct))
                .Every(Second * 100).WithLock("lock").WithTimeout(Second * 5);
            services.AddRecurringTask("asked", (_, _) => Task.CompletedTask).Cron("0 0 1 7 *").WithLock("lock", whenHeld);
        });
        host.Advance(Second * seconds);
        host.WaitFor(LoopEventKind.IterationEnded, 2); // the answer to a run by hand comes through the thread pool

        var record = Assert.Single(host.Records("asks"));
        Assert.Equal((outcome, Second * seconds), (record.Outcome, record.Elapsed));
    }

    [Fact]
    public void Stop_ends_the_loop_and_says_why()
    {
        using var host = Run(LockHeld.Stop);
        host.Advance(Second * 3);

        Assert.Equal(LoopEnd.LockHeld, host.EndOf("other"));
        Assert.Equal(OutcomeReason.LockHeld, Assert.Single(host.Records("other")).Reason);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level > Microsoft.Extensions.Logging.LogLevel.Information);
    }

    [Fact]
    public void Different_names_do_not_exclude_each_other_and_capitals_matter()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("one", (_, _) => new(_gate.Task)).Every(Second).WithLock("a");
            services.AddRecurringTask("two", (_, _) => { _runs.Add("two"); return ValueTask.CompletedTask; })
                .Every(Second * 100).WithLock("A");
        });

        Assert.Equal(["two"], _runs);
    }

    [Fact]
    public void A_step_that_fails_gives_the_lock_back()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("failing", (_, _) => throw new FormatException()).Every(Second).WithLock("lock"));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Outcomes());
        Assert.Equal(0, ((InProcessLockProvider)host.Services.GetRequiredService<ILoopLockProvider>()).Count);
    }

    [Fact] // ShedLock#132
    public void The_step_gets_a_fencing_token_that_is_greater_than_every_earlier_one_of_its_lock()
    {
        var tokens = new List<long>();
        ValueTask Note(Iteration iteration, CancellationToken _)
        {
            tokens.Add(iteration.FencingToken);
            return ValueTask.CompletedTask;
        }
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("one", Note).Every(Second).WithLock("lock");
            services.AddRecurringTask("two", Note).Every(Second).WithLock("lock").StartAfter(Second / 2);
            services.AddRecurringTask("three", (iteration, _) =>
            {
                Assert.Equal(0, iteration.FencingToken);
                return ValueTask.CompletedTask;
            }).Every(Second);
        });
        host.Advance(Second * 20);

        Assert.Equal(41, tokens.Count);
        Assert.True(tokens[0] > 0);
        Assert.All(tokens.Zip(tokens.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.Equal(0, host["three"].Snapshot().Failed);
    }

    private LoopHost Run(LockHeld whenHeld, Action<IRecurringTaskBuilder>? more = null) => LoopHost.Run(services =>
    {
        services.AddRecurringTask("holder", (_, _) => { _runs.Add("holder"); return new(_gate.Task); }).WithDelay(Second * 1000)
            .WithLock("lock");
        var other = services.AddRecurringTask("other", (_, _) => { _runs.Add("other"); return ValueTask.CompletedTask; })
            .WithDelay(Second).StartAfter(Second).WithLock("lock", whenHeld);
        more?.Invoke(other);
    });
}
