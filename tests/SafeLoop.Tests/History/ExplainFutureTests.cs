using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.History;

/// <summary>What is said of the future, and of slots that have no outcome yet.</summary>
public class ExplainFutureTests
{
    [Fact]
    public void In_the_future()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(5.Seconds);

        Assert.Equal(
            "2026-01-01 00:00:30 UTC is a slot of 't' that is yet to come; the slot before it is 2026-01-01 00:00:20 UTC; the "
                + "slot "
                + "after it is 2026-01-01 00:00:40 UTC.",
            host.Why("t", 30));
        Assert.Equal(
            "'t' will not be due at 2026-01-01 00:00:33 UTC; the slot before it is 2026-01-01 00:00:30 UTC; the slot after it is "
                + "2026-01-01 00:00:40 UTC.",
            host.Why("t", 33));
    }

    [Fact]
    public void In_the_future_while_it_is_paused_or_disabled()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("paused", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("disabled", Steps.None).Every(10.Seconds).Configure(options => options.Enabled = false);
        });
        host["paused"].Pause("maintenance");

        Assert.EndsWith("; it is paused now since 2026-01-01 00:00:00 UTC (maintenance).", host.Why("paused", 30));
        Assert.EndsWith("; it is disabled now (Disabled by the option Enabled).", host.Why("disabled", 33));
    }

    [Fact]
    public void In_the_future_where_slots_depend_on_iterations()
    {
        using var host = Run(task => task.WithDelay(10.Seconds));

        Assert.Equal(
            "Whether 't' will be due at 2026-01-01 00:00:30 UTC is not known yet: its slots depend on the end of the iteration "
                + "before "
                + "(WithDelay); the slot before it is 2026-01-01 00:00:10 UTC; no slot after it is known.",
            host.Why("t", 30));
    }

    [Fact]
    public void While_an_iteration_is_running_the_slot_that_depends_on_its_end_is_not_known()
    {
        using var host = Run(task => task.WithDelay(10.Seconds), Steps.Taking(1.Hours));
        host.Advance(5.Seconds);

        var found = host.Explain("t", 60);
        Assert.Equal((SlotFinding.NotKnownYet, LoopHost.Start, null), (found.Finding, found.SlotBefore, found.SlotAfter));
    }

    [Fact]
    public void Running()
    {
        using var host = Run(task => task.Every(1.Minutes), Steps.Taking(40.Seconds));
        host.Advance(70.Seconds);

        Assert.Equal(
            "The iteration of the slot of 't' at 2026-01-01 00:01:00 UTC has no outcome yet: it has been running since "
                + "2026-01-01 00:01:00 UTC, now in step 't'.",
            host.Why("t", 60));
    }

    [Fact]
    public void Waiting_for_the_iteration_that_is_running()
    {
        using var host = Run(task => task.Every(10.Seconds).OnOverlap(Overlap.BufferOne), Steps.Taking(1.Minutes));
        host.Advance(15.Seconds);

        Assert.Equal(
            "The slot of 't' at 2026-01-01 00:00:10 UTC has no outcome yet: it waits for the iteration that is running.",
            host.Why("t", 10));
    }

    [Fact]
    public void Waiting_for_the_iteration_that_is_running_while_later_slots_found_the_buffer_full()
    {
        using var host = Run(task => task.Every(10.Seconds).OnOverlap(Overlap.BufferAll, max: 2), Steps.Taking(1.Minutes));
        host.Advance(45.Seconds);

        Assert.Equal(
            [SlotFinding.Running, SlotFinding.Queued, SlotFinding.Queued, SlotFinding.Recorded, SlotFinding.Recorded],
            Enumerable.Range(0, 5).Select(at => host.Explain("t", at * 10).Finding));
        Assert.Equal(20, (host.Explain("t", 10).SlotAfter - LoopHost.Start)?.TotalSeconds);
    }

    [Fact]
    public void Waiting_for_its_jitter()
    {
        using var host = Run(task => task.Cron("* * * * *").WithJitter(50.Seconds));
        host.Advance(59.Seconds);
        while (host.Clock.GetUtcNow() < host["t"].Snapshot().NextSlot)
            host.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Contains("has no outcome yet: its time has come, and it waits for its jitter", host.Why("t", 60));
    }

    private static LoopHost Run(
        Action<IRecurringTaskBuilder> configure, Func<Iteration, CancellationToken, ValueTask>? step = null) =>
        LoopHost.Run(services => configure(services.AddRecurringTask("t", step ?? Steps.None)));
}
