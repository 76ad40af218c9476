using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class StepChosenSlotTests
{
    [Fact]
    public void NextIn_counts_from_the_end_and_the_grid_goes_on_afterwards()
    {
        using var host = Run(every: 10, first => first.NextIn(14.Seconds), takes: 1);

        host.Advance(30.Seconds);

        Assert.Equal(["0 ok", "15 ok", "20 ok", "30 ok"], host.Slots());
    }

    [Fact]
    public void NextIn_wins_over_slots_that_came_due_while_it_was_running_only_from_then_on()
    {
        using var host = Run(every: 10, first => first.NextIn(3.Seconds), takes: 12);

        host.Advance(20.Seconds);

        Assert.Equal(["10 PreviousRunning", "0 ok", "15 ok", "20 ok"], host.Slots());
    }

    [Fact]
    public void NextIn_zero_runs_at_once_without_a_pause()
    {
        using var host = Run(every: 10, first => first.NextIn(TimeSpan.Zero), takes: 1);

        host.Advance(11.Seconds);

        Assert.Equal(["0 ok", "1 ok", "10 ok"], host.Slots());
    }

    [Fact]
    public void NextIn_of_a_failing_step_is_obeyed()
    {
        using var host = Run(every: 10, first =>
        {
            first.NextIn(3.Seconds);
            throw new InvalidOperationException();
        });

        host.Advance(10.Seconds);

        Assert.Equal(["0 Failed", "3 ok", "10 ok"], host.Slots());
    }

    [Fact]
    public void NextAt_runs_at_that_instant_in_whatever_offset_it_is_written()
    {
        using var host = Run(every: 10, first => first.NextAt((LoopHost.Start + 13.Seconds).ToOffset(5.Hours)));

        host.Advance(20.Seconds);

        Assert.Equal(["0 ok", "13 ok", "20 ok"], host.Slots());
    }

    [Theory]
    [InlineData(MissedSlots.RunLatest)]
    [InlineData(MissedSlots.Skip)]
    [InlineData(MissedSlots.RunAll)]
    public void NextAt_in_the_past_means_at_once_and_is_not_late(MissedSlots policy)
    {
        using var host = Run(every: 100, first => first.NextAt(LoopHost.Start + 1.Seconds), takes: 90,
            task => task.OnMissed(policy, window: 1.Seconds));

        host.Advance(100.Seconds);

        Assert.Equal(["0 ok", "90 ok", "100 ok"], host.Slots());
    }

    [Fact]
    public void NextAt_long_before_the_last_slot_still_makes_slots_increase()
    {
        using var host = Run(every: 10, first => first.NextAt(DateTimeOffset.MinValue));

        host.Advance(10.Seconds);

        Assert.Equal(["0 ok", "0 ok", "10 ok"], host.Slots());
        Assert.Equal(3, host.Records().Select(record => record.Slot).Distinct().Count());
    }

    [Fact]
    public void NextAt_is_meant_on_the_wall_clock_also_when_it_is_set_afterwards()
    {
        using var host = Run(every: 10_000, first => first.NextAt(LoopHost.Start + 1.Hours));
        host.Advance(10.Minutes);
        host.Clock.SetWallClock(LoopHost.Start + 50.Minutes);

        host.Advance(9.Minutes);
        Assert.Single(host.Records());
        host.Advance(1.Minutes);

        Assert.Equal(2, host.Records().Count);
    }

    [Fact]
    public void NextAt_reckoned_from_the_iteration_s_own_times_keeps_its_distance_when_the_wall_clock_is_set_forward()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (iteration, _) =>
        {
            iteration.NextAt(iteration.Started + 1.Seconds);
            return default;
        }).Every(10.Seconds).StopAfter(100));
        host.Clock.SetWallClock(LoopHost.Start + 1.Hours);

        host.Advance(5.Seconds);

        Assert.Equal(["0 ok", "1 ok", "2 ok", "3 ok", "4 ok", "5 ok"], host.Slots());
    }

    [Fact]
    public void The_last_choice_wins()
    {
        using var host = Run(every: 10, first =>
        {
            first.NextAt(LoopHost.Start + 3.Seconds);
            first.NextIn(5.Seconds);
        });

        host.Advance(10.Seconds);

        Assert.Equal(["0 ok", "5 ok", "10 ok"], host.Slots());
    }

    [Fact]
    public void A_cron_loop_and_a_fixed_delay_go_on_by_their_own_rule_after_a_choice()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("cron", Choosing(first => first.NextIn(15.Seconds))).Cron("* * * * *");
            services.AddRecurringTask("delay", Choosing(first => first.NextIn(15.Seconds))).WithDelay(60.Seconds);
        });

        host.Advance(140.Seconds);

        Assert.Equal(["60 ok", "75 ok", "120 ok"], host.Slots("cron"));
        Assert.Equal(["0 ok", "15 ok", "75 ok", "135 ok"], host.Slots("delay"));
    }

    [Fact]
    public Task An_iteration_that_is_replaced_chooses_no_slot_which_would_replace_its_successor() => Bounded.Run(() =>
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", async (iteration, token) =>
        {
            iteration.NextIn(TimeSpan.Zero);
            await Steps.Wait(iteration, 4.Seconds, token);
        }).Every(10.Seconds).OnOverlap(Overlap.CancelRunning));
        host.Advance(11.Seconds); // the slot of 10 replaces what has run since 8
        var run = host["t"].RunNowAsync();
        host.Advance(8.Seconds);

        Assert.Equal(IterationOutcome.Succeeded, run.Answer().Outcome);
        Assert.Equal(2, host.Records().Count(record => record.Reason is OutcomeReason.Replaced));
        Assert.InRange(host.Records().Count, 5, 7);
    });

    private static LoopHost Run(
        int every, Action<Iteration> choose, int takes = 0, Action<IRecurringTaskBuilder>? configure = null) =>
        LoopHost.Run(services =>
    {
        var task = services.AddRecurringTask("t", Choosing(choose, takes)).Every(every.Seconds);
        configure?.Invoke(task);
    });

    private static Func<Iteration, CancellationToken, ValueTask> Choosing(Action<Iteration> choose, int takes = 0) =>
        async (iteration, token) =>
        {
            if (iteration.Number > 1)
                return;
            choose(iteration);
            await Steps.Wait(iteration, takes.Seconds, token);
        };
}
