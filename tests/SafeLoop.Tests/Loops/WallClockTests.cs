using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class WallClockTests
{
    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    [InlineData(-864_000)]
    [InlineData(864_000)]
    public void Intervals_do_not_notice_that_the_wall_clock_was_set(int seconds)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("Every", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("WithDelay", Steps.None).WithDelay(10.Seconds);
            services.AddRecurringTask("Continuously", Steps.Taking(10.Seconds)).Continuously();
            services.AddRecurringTask("Cron", Steps.None).Cron("* * * * *"); // wakes when the clock is set
        });
        host.Advance(15.Seconds);

        host.Clock.SetWallClock(LoopHost.Start + seconds.Seconds);
        host.Advance(24.Seconds);

        Assert.Equal(["0 ok", "10 ok", "20 ok", "30 ok"], host.Slots("Every"));
        Assert.Equal(["0 ok", "10 ok", "20 ok", "30 ok"], host.Slots("WithDelay"));
        Assert.Equal(["0 ok", "10 ok", "20 ok"], host.Slots("Continuously"));
    }

    [Fact]
    public void Cron_replans_within_seconds_when_the_clock_is_set_forward()
    {
        using var host = Cron("0 * * * *");
        host.Advance(10.Minutes);
        host.Clock.SetWallClock(LoopHost.Start + 5.Hours + 30.Minutes);

        host.Advance(3.Seconds);

        Assert.Equal(["14400 Missed x4", "18000 ok"], host.Slots().Select(slot => slot.Split(" @")[0]));
        Assert.InRange(host.Records()[^1].Lateness, 30.Minutes, 30.Minutes + 3.Seconds);
        host.Advance(30.Minutes);
        Assert.Equal(3, host.Records().Count);
    }

    [Fact]
    public void Cron_runs_when_the_machine_was_suspended_and_the_monotonic_clock_with_it()
    {
        using var host = Cron("0 3 * * *");
        host.Advance(1.Minutes);
        host.Clock.SetWallClock(LoopHost.Start + 8.Hours);

        host.Advance(3.Seconds);

        Assert.Equal(LoopHost.Start + 3.Hours, Assert.Single(host.Records()).Slot);
    }

    [Fact]
    public void Cron_replans_within_seconds_when_the_clock_is_set_back_before_it_ran()
    {
        using var host = Cron("0 * * * *");
        host.Advance(50.Minutes);
        host.Clock.SetWallClock(LoopHost.Start + 20.Minutes);

        host.Advance(39.Minutes);
        Assert.Empty(host.Records());
        host.Advance(1.Minutes);

        Assert.Equal(["3600 ok"], host.Slots());
    }

    [Fact]
    public void Cron_never_runs_a_slot_twice_when_the_clock_is_set_back_and_goes_on_when_it_has_caught_up()
    {
        using var host = Cron("*/10 * * * *");
        host.Advance(45.Minutes);
        host.Clock.SetWallClock(LoopHost.Start + 15.Minutes);

        host.Advance(34.Minutes);
        Assert.Equal(4, host.Records().Count);
        Assert.Equal(LoopHost.Start + 50.Minutes, host["t"].Snapshot().NextSlot);
        host.Advance(11.Minutes);

        Assert.Equal(["600 ok", "1200 ok", "1800 ok", "2400 ok", "3000 ok", "3600 ok"], host.Slots());
        // It does not wait without saying so.
        Assert.Contains("no slot runs twice", Assert.Single(host.Observer.Of(LoopEventKind.Fault)).Text);
    }

    [Fact]
    public void Cron_begins_anew_and_says_so_when_the_clock_was_plainly_wrong_before()
    {
        using var host = Cron("*/10 * * * *");
        host.Advance(45.Minutes);
        host.Clock.SetWallClock(LoopHost.Start - 100.Days);

        host.Advance(11.Minutes);

        Assert.Equal(LoopHost.Start - 100.Days + 10.Minutes, host.Records()[^1].Slot);
        Assert.Contains("set back", Assert.Single(host.Observer.Of(LoopEventKind.Fault)).Text);
    }

    [Theory]
    [InlineData("cron")]
    [InlineData("after")]
    [InlineData("spread")]
    [InlineData("start")]
    [InlineData("policy")]
    public void Before_its_first_slot_too_a_loop_begins_anew_when_the_clock_was_plainly_wrong(string kind)
    {
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("t", Steps.None);
            _ = kind switch
            {
                "after" => task.Cron("*/10 * * * *").StartAfter(1.Minutes),
                "spread" => task.Cron("*/10 * * * *").Spread(),
                "start" => task.Cron("*/10 * * * *").StartAfter(1.Minutes).RunOnStart(),
                "policy" => task.DelayBy(CronSchedule.Parse("*/10 * * * *")),
                _ => task.Cron("*/10 * * * *"),
            };
        });
        host.Advance(10.Seconds);
        host.Clock.SetWallClock(LoopHost.Start - 100.Days);

        host.Advance(1.Hours);

        Assert.InRange(host.Records().Count, 5, 7); // the last may be spread to after the hour
    }

    [Fact]
    public void Before_its_first_slot_a_small_correction_counts_as_well()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 3 * * *"),
            start: LoopHost.Start + 10.Hours);
        host.Clock.SetWallClock(LoopHost.Start + 2.Hours);

        host.Advance(1.Hours + 5.Seconds);

        Assert.Equal(LoopHost.Start + 3.Hours, Assert.Single(host.Records()).Slot);
    }

    [Fact]
    public void A_back_off_ends_although_the_clock_was_plainly_wrong_when_it_began()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (_, _) => throw new FormatException())
            .Cron("* * * * *").BackOff(10.Seconds, 1.Minutes));
        host.Advance(5.Minutes);
        var before = host.Records().Count;
        host.Clock.SetWallClock(LoopHost.Start - 100.Days);

        host.Advance(10.Minutes);

        Assert.InRange(host.Records().Count - before, 5, 11);
    }

    [Fact]
    public void A_slot_chosen_by_a_step_comes_although_the_clock_was_plainly_wrong_when_it_was_chosen()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            iteration.NextIn(2.Minutes);
            return ValueTask.CompletedTask;
        }).Cron("0 * * * *").RunOnStart());
        host.Advance(1.Minutes);
        host.Clock.SetWallClock(LoopHost.Start - 100.Days);

        host.Advance(3.Minutes);

        Assert.Equal(2, host.Records().Count);
    }

    [Fact]
    public void A_clock_that_drifts_or_jumps_about_neither_repeats_nor_silences_cron()
    {
        using var host = Cron("* * * * *");
        for (var turn = 0; turn < 200; turn++)
        {
            host.Advance(20.Seconds);
            host.Clock.SetWallClock(host.Clock.GetUtcNow() + (turn % 3 == 0 ? 7 : turn % 3 == 1 ? -11 : 5).Seconds);
        }

        var slots = host.Records().Select(record => record.Slot).ToArray();
        Assert.Equal(slots.Order().Distinct(), slots);
        Assert.InRange(host.Records().Sum(record => record.Count), 66, 69);
        Assert.All(host.Records(), record => Assert.True(record.Started >= record.Slot));
    }

    [Fact]
    public void The_next_slot_of_an_interval_is_shown_on_the_wall_clock_as_it_is_now()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host.Advance(5.Seconds);
        host.Clock.SetWallClock(LoopHost.Start + 1.Hours);

        Assert.Equal(LoopHost.Start + 1.Hours + 5.Seconds, host["t"].Snapshot().NextSlot);
        Assert.Equal(LoopHost.Start + 1.Hours + 5.Seconds, host["t"].UpcomingSlots(1)[0].Slot);
    }

    private static LoopHost Cron(string expression) =>
        LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron(expression));
}
