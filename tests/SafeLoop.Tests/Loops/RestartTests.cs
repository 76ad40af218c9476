using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class RestartTests
{
    [Fact]
    public void A_scenario_stopped_and_started_again_at_any_point_repeats_no_slot_and_loses_none_that_was_awake()
    {
        foreach (var every in new[] { 1, 2, 3, 5, 7, 11 })
        {
            using var whole = Run(restartEvery: int.MaxValue);
            using var parts = Run(restartEvery: every);

            Assert.Equal(whole.Slots("cron"), parts.Slots("cron"));
            var slots = parts.Records("Every").Select(record => record.Slot).ToArray();
            Assert.Equal(slots.Order().Distinct(), slots);
            Assert.InRange(slots.Length, 60, 60 + (60 / every)); // a start is a slot of its own
            Assert.All(parts.Records(), record => Assert.Equal(1, record.Count));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-100 * 24)]
    [InlineData(1)]
    public void A_loop_that_starts_again_after_the_clock_was_set_goes_on_at_its_rate(int hours)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("Every", Steps.None).Every(10.Seconds);
            services.AddRecurringTask("WithDelay", Steps.None).WithDelay(10.Seconds);
        });
        host.Advance(25.Seconds);
        host.Clock.SetWallClock(LoopHost.Start + hours.Hours);

        foreach (var task in host.Tasks.All)
        {
            task.Stop();
            host.Settle();
            task.Start();
            host.Settle();
        }
        host.Advance(25.Seconds);

        foreach (var task in host.Tasks.All)
        {
            var slots = host.Records(task.Name).Select(record => record.Slot).ToArray();
            Assert.Equal(6, slots.Length);
            Assert.Equal(slots.Order().Distinct(), slots);
            Assert.All(slots.Zip(slots[1..]).Skip(3),
                pair => Assert.InRange(pair.Second - pair.First, 10.Seconds, 10.Seconds + TimeSpan.FromMilliseconds(1)));
        }
    }

    [Fact]
    public void A_loop_counts_from_the_wall_clock_as_it_is_when_it_starts()
    {
        using var host = new LoopHost(_ => { });
        host.Tasks.Add("t", task => task.Step("s", Steps.None).Every(10.Seconds));
        host.Clock.SetWallClock(LoopHost.Start + 1.Hours);

        host.StartHost();
        host.Advance(10.Seconds);

        Assert.Equal(["3600 ok", "3610 ok"], host.Slots());
    }

    [Fact]
    public void A_loop_that_starts_again_at_the_instant_of_its_last_slot_runs_at_once()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));

        for (var start = 0; start < 3; start++)
        {
            host["t"].Stop();
            host.Settle();
            host["t"].Start();
            host.Settle();
        }

        Assert.Equal(["0 ok", "0 ok", "0 ok", "0 ok"], host.Slots());
        Assert.Equal(4, host.Records().Select(record => record.Slot).Distinct().Count());
        Assert.Empty(host.Observer.Of(LoopEventKind.Fault));
    }

    // Restarts fall on slots and between them.
    private static LoopHost Run(int restartEvery)
    {
        var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("cron", Steps.None).Cron("*/10 * * * * *");
            services.AddRecurringTask("Every", Steps.None).Every(10.Seconds);
        });
        for (var slot = 1; slot <= 59; slot++)
        {
            AdvanceTo(slot * 10);
            if (slot % restartEvery != 0)
                continue;
            AdvanceTo((slot * 10) + (slot % 2 * 4));
            foreach (var task in host.Tasks.All)
            {
                task.Stop();
                host.Settle();
                task.Start();
                host.Settle();
            }
        }
        return host;

        void AdvanceTo(int seconds) => host.Advance(LoopHost.Start + seconds.Seconds - host.Clock.GetUtcNow());
    }
}
