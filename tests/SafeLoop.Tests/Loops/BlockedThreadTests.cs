using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Polly;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Loops;

/// <summary>Steps that block a thread of the pool are reported with their name and the time.</summary>
public class BlockedThreadTests
{
    private static readonly TimeSpan Blocked = 812.Milliseconds;

    [Fact]
    public void A_step_that_blocks_its_thread_again_is_reported_with_its_name_and_the_time()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("scan", Steps.Blocking(Blocked)).Every(1.Minutes));
        Assert.Empty(host.Faults()); // the first time may be the JIT, or a model that is built once
        host.Advance(1.Minutes);

        Assert.Equal(
            "Step 'scan' blocked its thread for 812 ms, 2 times in all. "
            + "Work that waits for a thread of the pool is late meanwhile. Await instead, or call OnDedicatedThread().",
            Assert.Single(host.Faults()));
        Assert.Equal(LogLevel.Warning, Assert.Single(host.Logs.Lines, line => line.Text.Contains("blocked its thread")).Level);
    }

    [Fact]
    public void It_is_reported_the_second_fourth_and_eighth_time()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("scan", Steps.Blocking(Blocked)).Every(1.Minutes));
        host.Advance(9.Minutes);

        Assert.Equal(10, host.Records().Count);
        Assert.Equal(
            ["2 times in all", "4 times in all", "8 times in all"],
            host.Faults().Select(text => text!.Split(". ")[0].Split(", ").Skip(1).FirstOrDefault() ?? ""));
    }

    [Fact]
    public void Several_steps_that_block_once_each_are_not_reported()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("several")
            .Step("one", Steps.Blocking(Blocked, TimeSpan.Zero))
            .Step("other", Steps.Blocking(Blocked, TimeSpan.Zero))
            .Every(1.Minutes));
        host.Advance(5.Minutes);

        Assert.Empty(host.Faults());
    }

    [Fact]
    public void Of_several_steps_the_one_is_named_that_blocks()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("several")
            .Step("quick", Steps.None)
            .Step("awaits", Steps.Taking(2.Seconds))
            .Step("blocks", Steps.Blocking(Blocked))
            .Step("last", Steps.None)
            .Every(1.Minutes));
        host.Advance(1.Minutes + 3.Seconds);

        Assert.StartsWith("Step 'blocks' blocked its thread for 812 ms, 2 times in all.", Assert.Single(host.Faults()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void So_is_one_that_then_awaits_or_throws(bool throws)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("scan", (iteration, token) =>
        {
            Pass(iteration, Blocked);
            return throws ? throw new InvalidOperationException() : new ValueTask(Steps.Wait(iteration, 1.Seconds, token));
        }).Every(1.Minutes));
        host.Advance(1.Minutes);

        Assert.StartsWith("Step 'scan' blocked its thread for 812 ms, 2 times in all.", Assert.Single(host.Faults()));
    }

    [Fact]
    public void A_constructor_that_blocks_counts_as_part_of_its_step()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddTransient(provider =>
            {
                provider.GetRequiredService<VirtualClock>().Pass(Blocked);
                return new Service();
            });
            services.AddRecurringTask("built").Step<Service>("use", (_, _, _) => ValueTask.CompletedTask).Every(1.Minutes);
        });
        host.Advance(1.Minutes);

        Assert.StartsWith("Step 'use' blocked its thread for 812 ms, 2 times in all.", Assert.Single(host.Faults()));
    }

    [Fact]
    public void What_else_takes_its_time_is_not_blamed_on_the_step()
    {
        LoopHost host = null!;
        var attempts = 0;
        using (host = new LoopHost(services => services
            .AddRecurringTask(
                "innocent", (_, _) => attempts++ % 2 == 0 ? throw new InvalidOperationException() : ValueTask.CompletedTask)
            .Every(1.Minutes)
            .WithLock("lock")
            .While(() => { host.Clock.Pass(2.Seconds); return true; })
            .WithResilience(pipeline => pipeline.AddRetry(new() { Delay = 3.Seconds }))))
        {
            host.StartHost();
            host.Advance(10.Minutes + 30.Seconds);

            Assert.Empty(host.Faults());
            Assert.All(host.Records(), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
            Assert.Equal(2 * 11, attempts);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_look_at_the_clock_that_is_saved_does_not_change_what_is_recorded(bool singleton)
    {
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("scan", Steps.Blocking(1.Seconds)).WithDelay(1.Minutes);
            if (singleton)
                task.AsSingleton();
        });
        host.Advance(2.Minutes);

        Assert.All(host.Records(), record => Assert.Equal(1.Seconds, record.Elapsed));
        Assert.Equal(["00:00", "01:01"], host.Records().Take(2).Select(record => record.Slot.ToString("mm:ss")));
    }

    [Fact]
    public void Keys_are_advised_to_limit_their_number()
    {
        using var poll = new Keys.PollHost(task => task.Every(1.Minutes));
        poll.Script.Step = (_, iteration, _) => { Pass(iteration, Blocked); return default; };
        poll.Add("a", "b", "c");
        Assert.Empty(poll.Host.Faults()); // the first iterations of keys may wait for the same thing
        poll.Advance(65);

        Assert.EndsWith(
            "4 times in all. Work that waits for a thread of the pool is late meanwhile. "
                + "Await instead, or call Concurrency(max).",
            Assert.Single(poll.Host.Faults()));
    }

    [Fact]
    public void The_metric_counts_all_of_it_and_nothing_short()
    {
        using var host = LoopHost.Run(services => services.AddMetrics()
            .AddRecurringTask("scan", Steps.Blocking(Blocked, 99.Milliseconds, Blocked)).Every(1.Minutes));
        using var meter = new RecordingMeter(host);
        host.Advance(2.Minutes);

        Assert.Equal(["1.624 safeloop.task=scan"], meter.Look("safeloop.thread.blocked"));
    }

    [Fact]
    public void Wake_ups_that_are_late_degrade_health_and_name_the_blockers_until_two_minutes_later()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddMetrics().AddRecurringTask("other", Steps.None).Every(1.Hours).StartAfter(1.Seconds);
            services.AddRecurringTask("scan", Steps.Blocking(5.Seconds, TimeSpan.Zero)).Every(1.Hours);
            services.AddHealthChecks().AddRecurringTasks();
        });
        host.Advance(1.Minutes);

        Assert.Equal(
            "Degraded: 'thread pool' is short of threads: loops were woken up to 00:00:04 late within the last two minutes. "
            + "Steps of 'scan' (00:00:05) have blocked them: await instead, or call OnDedicatedThread().",
            Health(host));
        using (var meter = new RecordingMeter(host))
            Assert.Equal(["4 "], meter.Look("safeloop.wakeup.lateness"));
        host.Advance(2.Minutes);
        Assert.Equal("Healthy: ", Health(host));
    }

    [Fact]
    public void Health_does_not_recommend_threads_for_a_keyed_task_which_must_not_have_them()
    {
        using var poll = new PollHost(task => task.Every(1.Hours), start: false, more: services =>
        {
            services.AddRecurringTask("other", Steps.None).Every(1.Hours).StartAfter(1.Seconds);
            services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (_, _, _) =>
        {
            poll.Host.Clock.Pass(5.Seconds);
            return ValueTask.CompletedTask;
        };
        poll.Host.StartHost();
        poll.Add("a");
        poll.Advance(60);

        Assert.Equal(
            "Degraded: 'thread pool' is short of threads: loops were woken up to 00:00:04 late within the last two minutes. "
            + "Steps of 'poll' (00:00:05) have blocked them: await instead, or call Concurrency(max).",
            Health(poll.Host));
    }

    [Fact]
    public void A_wake_up_that_is_still_to_come_counts_as_late()
    {
        var clock = new VirtualClock(LoopHost.Start);
        var pacemaker = new Pacemaker(clock, _ => { }); // nothing is ever served
        var wait = new LoopWait(pacemaker);
        _ = wait.UntilAsync(clock.GetTimestamp() + 100.Milliseconds.Ticks);
        clock.MoveTo(7.Seconds.Ticks);

        Assert.Equal(6.9, pacemaker.Lateness.TotalSeconds, 6);
        Assert.True(pacemaker.IsStarved);
    }

    [Fact]
    public void A_step_is_reported_as_stuck_only_when_the_pool_has_served_it()
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("late", (_, _) => new(gate.Task)).Every(1.Hours).WithTimeout(10.Seconds)
                .Configure(options => options.StuckAfter = 10.Seconds);
            services.AddRecurringTask("blocker", Steps.Blocking(0.Seconds, 0.Seconds, 0.Seconds, 0.Seconds, 4.Seconds, 0.Seconds))
                .Every(5.Seconds);
        });

        host.Advance(25.Seconds); // the grace is over at 20 s, when the blocker keeps the only thread for 4 s
        Assert.Empty(host.Observer.Of(LoopEventKind.IterationStuck));
        host.Advance(10.Seconds);
        Assert.Single(host.Observer.Of(LoopEventKind.IterationStuck));
        host.Release(gate);
    }

    private static string Health(LoopHost host)
    {
        var report = host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries.Single().Value;
        return $"{report.Status}: {report.Description}";
    }

    private static void Pass(Iteration iteration, TimeSpan span) =>
        iteration.Services.GetRequiredService<VirtualClock>().Pass(span);

    private sealed class Service;
}
