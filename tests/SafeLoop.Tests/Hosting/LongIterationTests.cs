using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>Iterations that do not end, of tasks without a time limit.</summary>
public class LongIterationTests
{
    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public void One_that_hangs_is_reported_once_and_degrades_until_it_ends()
    {
        using var host = Run(task => task.WithDelay(1.Minutes));
        host.Advance(59.Minutes);
        Assert.Equal("Healthy: ", Health(host));

        host.Advance(2.Days);

        Assert.Equal("Degraded: 'task' may hang: "
            + "its iteration has been running since 2026-01-01T00:00:00.0000000+00:00 in step 'task', and has no time limit.",
            Health(host));
        Assert.Equal(
            "Its iteration 1 has been running since 2026-01-01T00:00:00.0000000+00:00 in step 'task', and has no time limit. "
            + "If it hangs, give it one: WithTimeout(limit). "
            + "If it may take that long, say so: WithTimeout(Timeout.InfiniteTimeSpan).",
            Assert.Single(host.Faults()));
        Assert.Single(
            host.Logs.Lines, line => line.Text.StartsWith("'task': Its iteration 1 has been running", StringComparison.Ordinal));
        host.Release(_gate);
        Assert.Equal("Healthy: ", Health(host));
    }

    [Theory]
    [InlineData(Overlap.Skip)]
    [InlineData(Overlap.BufferOne)]
    [InlineData(Overlap.BufferAll)]
    [InlineData(Overlap.Allow)]
    public void So_is_one_whose_slots_come_due_meanwhile(Overlap overlap)
    {
        using var host = Run(task => task.Every(1.Minutes).OnOverlap(overlap, 3));

        host.Advance(2.Hours);

        Assert.StartsWith("Degraded: ", Health(host), StringComparison.Ordinal);
        Assert.Equal(overlap is Overlap.Allow ? 3 : 1, host.Faults().Count());
        host.Release(_gate);
    }

    [Fact]
    public void What_comes_once_a_day_may_take_a_day()
    {
        using var host = Run(task => task.WithDelay(1.Days));

        host.Advance(23.Hours);
        Assert.Equal("Healthy: ", Health(host));
        Assert.Empty(host.Faults());
        host.Advance(2.Hours);

        Assert.StartsWith("Degraded: ", Health(host), StringComparison.Ordinal);
        Assert.Single(host.Faults());
        host.Release(_gate);
    }

    [Fact]
    public void Who_says_that_it_may_take_for_ever_is_believed()
    {
        using var host = Run(task => task.WithDelay(1.Minutes).WithTimeout(Timeout.InfiniteTimeSpan));

        host.Advance(30.Days);

        Assert.Equal("Healthy: ", Health(host));
        Assert.Empty(host.Faults());
        Assert.Equal(RecurringTaskState.Running, host["task"].State);
        host.Release(_gate);
    }

    [Fact]
    public void One_that_waits_for_its_lock_for_ever_is_reported_too()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("holder", (_, _) => _gate.Task).WithDelay(1.Minutes).WithLock("lock")
                .WithTimeout(Timeout.InfiniteTimeSpan);
            services.AddRecurringTask("waiter", Steps.None).WithDelay(1.Minutes).WithLock("lock", LockHeld.Wait)
                .StartAfter(1.Seconds);
            services.AddHealthChecks().AddRecurringTasks();
        });

        host.Advance(2.Hours);

        Assert.Contains("'waiter' may hang", Health(host), StringComparison.Ordinal);
        Assert.Contains("taking its lock", Assert.Single(host.Faults()), StringComparison.Ordinal);
        host.Release(_gate);
    }

    [Fact]
    public void Keys_that_hang_and_let_no_others_run_are_reported()
    {
        using var poll = new PollHost(task =>
        {
            task.WithDelay(1.Minutes).Concurrency(2);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (key, _, _) => new(key is "a" or "b" ? _gate.Task : Task.CompletedTask);
        poll.Add("a", "b", "c");

        poll.Host.Advance(2.Hours);

        Assert.Equal(
            "Degraded: 'poll' may hang for 2 of 3 keys, among them 'a', 'b'. 'poll[a]' may hang: its iteration has been running "
                + "since 2026-01-01T00:00:00.0000000+00:00 in step 'poll', and has no time limit.",
            Health(poll.Host));
        Assert.Equal(["a", "b"], poll.Host.Observer.Of(LoopEventKind.Fault).Select(e => e.Key));
        poll.Host.Release(_gate);
    }

    private static string Health(LoopHost host)
    {
        var report = host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries.Single().Value;
        return $"{report.Status}: {report.Description}";
    }

    private LoopHost Run(Action<IRecurringTaskBuilder> configure) => LoopHost.Run(services =>
    {
        configure(services.AddRecurringTask("task", (_, _) => _gate.Task));
        services.AddHealthChecks().AddRecurringTasks();
    });
}
