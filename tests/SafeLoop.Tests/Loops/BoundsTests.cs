using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class BoundsTests
{
    [Fact]
    public void StartAt_in_the_future_is_the_first_slot_of_every_schedule()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("Every", Steps.None).Every(40.Seconds).StartAt(LoopHost.Start + 60.Seconds);
            services.AddRecurringTask("WithDelay", Steps.None).WithDelay(40.Seconds).StartAt(LoopHost.Start + 60.Seconds);
            services.AddRecurringTask("Cron", Steps.None).Cron("* * * * *").StartAt(LoopHost.Start + 60.Seconds);
            services.AddRecurringTask("Cron RunOnStart", Steps.None).Cron("*/2 * * * *")
                .StartAt(LoopHost.Start + 60.Seconds).RunOnStart();
            services.AddRecurringTask("DelayBy", Steps.None).DelayBy(new ScriptedPolicy((_, now) => now + 40.Seconds))
                .StartAt(LoopHost.Start + 60.Seconds);
        });

        host.Advance(130.Seconds);

        Assert.Equal(["60 ok", "100 ok"], host.Slots("Every"));
        Assert.Equal(["60 ok", "100 ok"], host.Slots("WithDelay"));
        Assert.Equal(["60 ok", "120 ok"], host.Slots("Cron"));
        Assert.Equal(["60 ok", "120 ok"], host.Slots("Cron RunOnStart"));
        Assert.Equal(["60 ok", "100 ok"], host.Slots("DelayBy"));
    }

    [Theory]
    [InlineData(-3, "7 ok", "17 ok")]
    [InlineData(-20, "0 ok", "10 ok", "20 ok")]
    [InlineData(-864_003, "7 ok", "17 ok")]
    public void The_grid_goes_through_a_StartAt_that_has_passed(int startAt, params string[] slots)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .StartAt(LoopHost.Start + startAt.Seconds));

        host.Advance(20.Seconds);

        Assert.Equal(slots, host.Slots());
    }

    [Fact]
    public void StartAt_is_meant_on_the_wall_clock_also_when_it_is_set_before()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .StartAt(LoopHost.Start + 1.Hours));
        host.Advance(10.Seconds);
        host.Clock.SetWallClock(LoopHost.Start + 1.Hours - 30.Seconds);

        host.Advance(29.Seconds);
        Assert.Empty(host.Records());
        host.Advance(12.Seconds);

        Assert.Equal(2, host.Records().Count);
    }

    [Theory]
    [InlineData(30, 4)]
    [InlineData(29, 3)]
    public void No_slot_is_after_EndAt_and_then_the_loop_ends(int endAt, int runs)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .EndAt(LoopHost.Start + endAt.Seconds));

        host.Advance(2.Minutes);

        Assert.Equal(runs, host.Records().Count);
        Assert.Equal(LoopEnd.Completed, host["t"].Snapshot().End);
    }

    [Fact]
    public void Slots_after_EndAt_that_the_process_slept_through_are_not_missed_ones()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .EndAt(LoopHost.Start + 30.Seconds));

        host.Sleep(1.Hours);

        Assert.Equal(["0 ok", "20 Missed x2", "30 ok @3600"], host.Slots());
    }

    [Fact]
    public void An_EndAt_that_has_passed_ends_the_loop_without_a_run()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("* * * * *").RunOnStart()
            .EndAt(LoopHost.Start - 1.Seconds));

        Assert.Empty(host.Records());
        Assert.Equal(LoopEnd.Completed, host["t"].Snapshot().End);
    }

    [Fact]
    public void A_loop_ends_with_time_itself()
    {
        var start = DateTimeOffset.MaxValue - 25.Seconds;
        using var host = LoopHost.Run(
            services =>
            {
                services.AddRecurringTask("Every", Steps.None).Every(10.Seconds);
                services.AddRecurringTask("WithDelay", Steps.None).WithDelay(10.Seconds);
                services.AddRecurringTask("RunOnStart", Steps.None).Every(TimeSpan.MaxValue).RunOnStart();
            },
            start);

        host.Advance(24.Seconds);

        Assert.Equal((3, 3, 1), (host.Records("Every").Count, host.Records("WithDelay").Count, host.Records("RunOnStart").Count));
        Assert.All(host.Tasks.All, task => Assert.Equal(LoopEnd.Completed, task.Snapshot().End));
    }

    [Fact]
    public void Jitter_starts_each_iteration_after_its_slot_and_before_the_next_and_loses_none()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("Every", Steps.None).Every(1.Seconds).WithJitter(1.Hours);
            services.AddRecurringTask("Cron", Steps.None).Cron("* * * * * *").WithJitter(1.Hours);
        });

        host.Advance(500.Seconds);

        foreach (var task in host.Tasks.All)
        {
            Assert.InRange(host.Records(task.Name).Count, 499, 501);
            Assert.All(host.Records(task.Name), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
            Assert.All(host.Records(task.Name),
                record => Assert.InRange(record.Lateness, TimeSpan.Zero, 1.Seconds + TimeSpan.FromMilliseconds(1)));
            Assert.True(host.Records(task.Name).Select(record => record.Lateness).Distinct().Count() > 100);
        }
    }

    [Fact]
    public void StopAfter_runs_so_many_iterations_also_beside_each_other()
    {
        var runs = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            runs++;
            return new ValueTask(Steps.Wait(iteration, 10.Seconds, CancellationToken.None));
        }).Every(1.Seconds).OnOverlap(Overlap.Allow).StopAfter(2));
        host.Advance(1.Minutes);

        Assert.Equal(2, runs);
    }

    [Fact]
    public void A_StopAfter_that_is_lowered_below_what_has_run_ends_the_loop_as_foreseen()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Seconds));
        host.Advance(9.Seconds);
        host.Configuration["RecurringTasks:t:StopAfter"] = "3";
        host.Configuration.Reload();
        host.Settle();
        Assert.Empty(host["t"].UpcomingSlots(3));
        host.Advance(1.Minutes);

        Assert.Equal(10, host["t"].Snapshot().Iterations);
    }

    [Fact]
    public void Every_with_a_StartAt_that_has_passed_and_RunOnStart_runs_on_start()
    {
        var runs = new List<double>();
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            runs.Add((iteration.Started - LoopHost.Start).TotalMinutes);
            return default(ValueTask);
        }).Every(1.Hours).StartAt(LoopHost.Start - 30.Minutes).RunOnStart());
        host.Advance(2.Hours);

        Assert.Equal([0, 30, 90], runs);
    }
}
