using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class IntervalTests
{
    [Fact]
    public void A_fixed_rate_stays_on_its_grid_however_long_steps_take()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask(
            "t", Steps.Taking(3.Seconds, 1.Seconds, 5.Seconds, 0.Seconds)).Every(2.Seconds));

        host.Advance(14.Seconds);

        Assert.Equal(["2 PreviousRunning", "0 ok", "4 ok", "8 PreviousRunning", "10 PreviousRunning", "6 ok", "12 ok", "14 ok"],
            host.Slots());
    }

    [Fact]
    public void A_fixed_rate_never_drifts_not_even_by_the_grain_of_timers()
    {
        var period = TimeSpan.FromTicks(12_345);
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).AsSingleton().Every(period));

        host.Advance(period * 5_000);

        var records = host.Records();
        Assert.Equal(Enumerable.Range(0, records.Count).Select(n => LoopHost.Start + (period * n)),
            records.Select(record => record.Slot));
        Assert.InRange(records.Count, 5_000, 5_001);
        Assert.All(records, record => Assert.InRange(record.Lateness, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_fixed_delay_counts_from_the_end()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(3.Seconds, 1.Seconds))
            .WithDelay(2.Seconds));

        host.Advance(11.Seconds);

        Assert.Equal(["0 ok", "5 ok", "8 ok"], host.Slots());
    }

    [Fact]
    public void A_fixed_delay_counts_from_the_end_of_a_step_that_failed_or_was_skipped()
    {
        var calls = 0;
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", (_, _) => ++calls == 1 ? throw new InvalidOperationException() : default(ValueTask))
            .WithDelay(2.Seconds));
        host.Advance(1.Seconds);
        host["t"].Pause();
        host.Advance(2.Seconds);
        host["t"].Resume();

        host.Advance(2.Seconds);

        Assert.Equal(["0 Failed", "2 Paused", "4 ok"], host.Slots());
    }

    [Fact]
    public void A_continuous_loop_goes_on_when_the_last_iteration_has_ended()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(3.Seconds, 1.Seconds))
            .Continuously());

        host.Advance(6.Seconds);

        Assert.Equal(["0 ok", "3 ok", "4 ok", "5 ok"], host.Slots());
    }

    [Fact]
    public Task A_continuous_loop_goes_on_even_if_the_clock_stands_still() => Bounded.Run(() =>
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).AsSingleton().Continuously()
            .StopAfter(1_000));

        Assert.Equal(LoopEnd.Completed, host["t"].Snapshot().End);
        Assert.Equal(1_000, host.Records().DistinctBy(record => record.Slot).Count());
        Assert.Equal(LoopHost.Start, host.Clock.GetUtcNow());
    });

    [Theory]
    [InlineData("Failed")]
    [InlineData("LockHeld")]
    public void A_continuous_loop_pauses_for_a_second_after_anything_but_a_success(string how)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("holder", Steps.Taking(1.Hours)).Every(1.Hours).WithLock(how);
            services.AddRecurringTask("t", (_, _) => throw new InvalidOperationException()).Continuously().WithLock("LockHeld");
        });

        host.Advance(2.Seconds);

        Assert.Equal([$"0 {how}", $"1 {how}", $"2 {how}"], host.Slots("t"));
    }

    [Fact]
    public Task A_slot_that_comes_due_while_the_loop_is_planning_is_seen_at_once() => Bounded.Run(() =>
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(1.Seconds)).Every(2.Seconds));
        var slow = 3.Seconds;
        host.Observer.Handler = loopEvent =>
        {
            if (loopEvent.Kind is not LoopEventKind.IterationEnded || loopEvent.Record.Outcome is not IterationOutcome.Succeeded)
                return;
            host.Clock.Pass(slow); // between the end of an iteration and the plan for the next
            slow = TimeSpan.Zero;
        };

        host.Advance(7.Seconds);

        Assert.Equal(["0 ok", "2 Missed", "4 ok", "6 ok"], host.Slots());
    });

    [Fact]
    public void Back_off_slows_a_grid_down_and_a_success_brings_it_back()
    {
        var calls = 0;
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("t", (_, _) => ++calls <= 3 ? throw new InvalidOperationException() : default(ValueTask))
            .Every(2.Seconds).BackOff(3.Seconds, max: 1.Minutes));

        host.Advance(30.Seconds);

        Assert.Equal(["0 Failed", "4 Failed", "10 Failed", "22 ok", "24 ok", "26 ok", "28 ok", "30 ok"], host.Slots());
    }
}
