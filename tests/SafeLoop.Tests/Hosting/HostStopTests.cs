using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>The host stops within its limit, nothing starts afterwards, and who did not stop is named.</summary>
public class HostStopTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public void A_running_iteration_is_cancelled_at_once()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, token) => Cancelled.By(token))
            .Every(Second * 100));
        host.Wait(host.StopHost());

        var record = Assert.Single(host.Records());
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.HostStopping, TimeSpan.Zero),
            (record.Outcome, record.Reason, record.Elapsed));
        Assert.Equal(LoopEnd.HostStopped, host.EndOf("task"));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public void A_host_whose_keys_have_run_is_not_kept_alive()
    {
        var hosts = Enumerable.Range(0, 10).Select(_ => RunAndStop()).ToArray();

        Assert.True(
            SpinWait.SpinUntil(() => { GC.Collect(); return !hosts.Any(host => host.IsAlive); }, ThreadedLoopHost.Patience),
            "Something outside still refers to one.");

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference RunAndStop()
        {
            var ran = new CountdownEvent(20);
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddSingleton(ran).AddRecurringTask<CountsDown, int>().Every(TimeSpan.FromMilliseconds(1));
            using var host = builder.Build();
            host.StartAsync().GetAwaiter().GetResult();
            for (var key = 0; key < 10; key++)
                host.Services.GetRequiredService<IRecurringTaskKeys<CountsDown, int>>().TryAdd(key);
            Assert.True(ran.Wait(ThreadedLoopHost.Patience));
            host.StopAsync().GetAwaiter().GetResult();
            return new(host.Services);
        }
    }

    [Fact]
    public void A_host_that_goes_without_having_been_stopped_is_not_kept_alive()
    {
        var host = StartAndDispose();

        Assert.True(
            SpinWait.SpinUntil(() => { GC.Collect(); return !host.IsAlive; }, ThreadedLoopHost.Patience),
            "Something outside still refers to it.");

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference StartAndDispose()
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddRecurringTask("task", Steps.None).Every(Second);
            using var host = builder.Build();
            host.StartAsync().GetAwaiter().GetResult();
            return new(host.Services);
        }
    }

    [Fact]
    public void An_iteration_that_had_no_time_to_obey_is_not_said_to_ignore_its_token()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => new(_gate.Task))
            .Every(Second * 100));
        host.Wait(host.StopHost(new CancellationToken(canceled: true)));
        host.Release(_gate);

        var line = Assert.Single(host.Logs.Lines, line => line.Id == 40);
        Assert.Contains("in step 'task' and was cancelled only 0 ms before", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void DrainFor_lets_the_iteration_finish()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => new(_gate.Task)).Every(Second * 100)
            .DrainFor(Second * 10));
        var stopped = host.StopHost();
        host.Advance(Second * 9);
        Assert.False(stopped.IsCompleted);
        host.Release(_gate);
        host.Wait(stopped);

        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public void After_DrainFor_the_iteration_is_cancelled()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, token) => Cancelled.By(token))
            .Every(Second * 100).DrainFor(Second * 10));
        var stopped = host.StopHost();
        host.Advance(Second * 10);
        host.Wait(stopped);

        var record = Assert.Single(host.Records());
        Assert.Equal((OutcomeReason.HostStopping, Second * 10), (record.Reason, record.Elapsed));
    }

    [Fact]
    public void No_iteration_starts_after_the_stop_also_not_of_slots_that_wait()
    {
        var starts = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) =>
        {
            starts++;
            return new(_gate.Task);
        })
            .Every(Second).OnOverlap(Overlap.BufferAll).DrainFor(Second * 10));
        host.Advance(Second * 5);
        var stopped = host.StopHost();
        host.Release(_gate);
        host.Wait(stopped);
        host.Advance(Second * 5);

        Assert.Equal(1, starts);
        Assert.Equal([.. Enumerable.Repeat(IterationOutcome.Interrupted, 5), IterationOutcome.Succeeded], host.Outcomes());
    }

    [Fact]
    public void Start_after_the_host_has_stopped_starts_nothing()
    {
        var starts = 0;
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", (_, _) => { starts++; return ValueTask.CompletedTask; }).Every(Second);
            services.AddRecurringTask("ended", (_, _) => { starts++; return ValueTask.CompletedTask; })
                .Every(Second).StopAfter(1);
        });
        host.Wait(host.StopHost());
        host["task"].Start();
        host["ended"].Start();
        host.Tasks.Add("late", task => task.Step("late", (_, _) => { starts++; return ValueTask.CompletedTask; }).Every(Second))
            .Start();
        var run = host["task"].RunNowAsync();
        host.Advance(Second * 5);
        host.Wait(run);

        Assert.Equal(2, starts);
        Assert.Equal(IterationOutcome.Skipped, host.Records("task")[^1].Outcome);
    }

    [Fact] // Coravel StopAsync, quartz#3379
    public void A_stop_is_bounded_by_the_hosts_limit_and_the_log_names_the_task_the_iteration_and_the_step()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("deaf").Step("listen", (_, _) => new(_gate.Task))
            .Every(Second * 100));
        host.Advance(Second * 3);
        using var limit = new CancellationTokenSource();
        var stopped = host.StopHost(limit.Token);
        host.Advance(Second);
        Assert.False(stopped.IsCompleted);
        host.Do(limit.Cancel);
        host.Wait(stopped);

        var line = Assert.Single(host.Logs.Lines, line => line.Level == LogLevel.Error);
        Assert.Contains("'deaf'", line.Text);
        Assert.Contains("iteration 1 ", line.Text);
        Assert.EndsWith("in step 'listen', which ignores its cancellation token", line.Text, StringComparison.Ordinal);
        host.Release(_gate);
    }

    [Fact]
    public void A_drain_beyond_the_hosts_limit_is_cancelled_at_the_limit_and_not_reported_as_ignoring_its_token()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("slow", (_, token) => Cancelled.By(token))
            .Every(Second * 100).DrainFor(Second * 50));
        using var limit = new CancellationTokenSource();
        var stopped = host.StopHost(limit.Token);
        host.Advance(Second * 30);
        Assert.False(stopped.IsCompleted);
        host.Do(limit.Cancel);
        host.Wait(stopped);
        host.Advance(TimeSpan.FromTicks(1));

        var record = Assert.Single(host.Records());
        Assert.Equal((OutcomeReason.HostStopping, Second * 30), (record.Reason, record.Elapsed));
        var line = Assert.Single(host.Logs.Lines, line => line.Level == LogLevel.Error);
        Assert.Equal("'slow' did not stop within the host's shutdown limit: "
            + "iteration 1 has been running for 00:00:30 in step 'slow' and is cancelled only now (DrainFor: 00:00:50)",
            line.Text);
    }

    [Fact]
    public void A_key_that_would_drain_beyond_the_hosts_limit_is_cancelled_at_the_limit_too()
    {
        using var poll = new PollHost(task => task.Every(Second * 100).DrainFor(Second * 50));
        poll.Script.Step = (_, _, token) => Cancelled.By(token);
        poll.Add("a");
        poll.Host.Wait(poll.Host.StopHost(new CancellationToken(canceled: true)));
        poll.Advance(1);

        Assert.Equal(OutcomeReason.HostStopping, Assert.Single(poll.Host.Records()).Reason);
        var line = Assert.Single(poll.Host.Logs.Lines, line => line.Level == LogLevel.Error);
        Assert.Contains("'poll[a]'", line.Text, StringComparison.Ordinal);
        Assert.Contains("cancelled only now", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_who_was_removed_or_started_anew_and_does_not_end_is_named_too(bool removed)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("deaf").Step("listen", (_, _) => new(_gate.Task))
            .Every(Second * 100));
        if (removed)
        {
            host.Tasks.Remove("deaf");
        }
        else
        {
            host["deaf"].Stop();
            host["deaf"].Start();
        }
        host.Wait(host.StopHost(new CancellationToken(canceled: true)));

        var line = Assert.Single(host.Logs.Lines, line => line.Level == LogLevel.Error);
        Assert.Contains("'deaf'", line.Text);
        Assert.Contains("'listen'", line.Text);
        host.Release(_gate);
    }

    [Fact]
    public void A_loop_that_waits_ends_at_once()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("waiting", (_, _) => ValueTask.CompletedTask).Every(Second * 1000);
            services.AddRecurringTask("backing off", (_, _) => throw new FormatException()).Every(Second)
                .BackOff(Second * 1000, Second * 1000);
            services.AddRecurringTask("yearly", (_, _) => ValueTask.CompletedTask).Cron("0 0 1 1 *");
            services.AddRecurringTask("paused", (_, _) => throw new FormatException()).Every(Second * 50).PauseAfterFailures(1);
        });
        host.Advance(Second * 10);
        host.Wait(host.StopHost());

        Assert.All(host.Tasks.All, task => Assert.Equal(RecurringTaskState.Ended, task.State));
        Assert.Equal(0, host.Services.GetRequiredService<Pacemaker>().Armed);
    }

    [Fact]
    public void One_who_waits_for_its_lock_stops_waiting()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("holder", (_, _) => new(_gate.Task)).Every(Second * 100).WithLock("lock")
                .DrainFor(Second * 20);
            services.AddRecurringTask("waiter", (_, _) => ValueTask.CompletedTask).Every(Second * 100)
                .WithLock("lock", LockHeld.Wait);
        });
        Assert.Equal(RecurringTaskState.Running, host["waiter"].State);
        var stopped = host.StopHost();
        host.Wait(host["waiter"].Completion);
        host.Release(_gate);
        host.Wait(stopped);

        Assert.Equal((0, OutcomeReason.HostStopping), (host.Records("waiter")[0].Number, host.Records("waiter")[0].Reason));
    }

    [Fact]
    public void A_host_that_stops_before_anything_was_due_ends_its_loops()
    {
        using var host =
            new LoopHost(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second));
        host.Wait(host.StopHost());
        Assert.Empty(host.Records());
    }

    private sealed class CountsDown(CountdownEvent ran) : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
        {
            lock (ran)
            {
                if (!ran.IsSet)
                    ran.Signal();
            }
            return default;
        }
    }
}
