using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

public class FirstIterationTests
{
    public static TheoryData<string, string[]> Schedules => new()
    {
        { "Every", ["0 ok", "40 ok", "80 ok"] },
        { "WithDelay", ["0 ok", "40 ok", "80 ok"] },
        { "Cron", ["60 ok"] },
        { "Cron RunOnStart", ["0 ok", "60 ok"] },
        { "Every RunOnStart", ["0 ok", "40 ok", "80 ok"] },
        { "DelayBy", ["25 ok", "50 ok", "75 ok"] },
        { "DelayBy RunOnStart", ["0 ok", "25 ok", "50 ok", "75 ok"] },
        { "Every StartAfter", ["30 ok", "70 ok"] },
        { "WithDelay StartAfter", ["30 ok", "70 ok"] },
        { "Cron StartAfter", ["60 ok"] },
        { "Cron StartAfter RunOnStart", ["30 ok", "60 ok"] },
        { "DelayBy StartAfter", ["30 ok", "55 ok", "80 ok"] },
    };

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Intervals_run_at_start_and_cron_waits_for_its_first_slot(string schedule, string[] slots)
    {
        using var host = LoopHost.Run(services => Schedule(services.AddRecurringTask("t", Steps.None), schedule.Split(' ')));

        host.Advance(90.Seconds);

        Assert.Equal(slots, host.Slots());
    }

    [Fact]
    public void A_continuous_loop_starts_at_once_or_after_StartAfter()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("now", Steps.None).Continuously().StopAfter(1);
            services.AddRecurringTask("later", Steps.None).Continuously().StartAfter(3.Seconds).StopAfter(1);
        });
        Assert.Equal(["0 ok"], host.Slots());

        host.Advance(10.Seconds);

        Assert.Equal(["3 ok"], host.Slots("later"));
    }

    [Fact]
    public void Spread_puts_the_first_slot_at_a_share_of_the_period_and_keeps_the_period()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(100.Seconds).Spread());

        host.Advance(300.Seconds);

        var first = 100.Seconds * StableHash.Share("t");
        Assert.Equal([first, first + 100.Seconds, first + 200.Seconds],
            host.Records().Select(record => record.Slot - LoopHost.Start));
    }

    [Fact]
    public void A_loop_whose_first_slot_is_past_the_end_of_time_says_that_it_ends()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Seconds)
            .StartAfter(TimeSpan.MaxValue));

        Assert.Equal(LoopEnd.Completed, host["t"].Snapshot().End);
        Assert.Contains(host.Logs.Lines, line => line.Text.Contains("no further slot"));
    }

    private static void Schedule(IRecurringTaskBuilder task, string[] words)
    {
        foreach (var word in words)
        {
            _ = word switch
            {
                "Every" => task.Every(40.Seconds),
                "WithDelay" => task.WithDelay(40.Seconds),
                "Cron" => task.Cron("* * * * *"),
                "DelayBy" => task.DelayBy(new ScriptedPolicy((_, now) => now + 25.Seconds)),
                "RunOnStart" => task.RunOnStart(),
                _ => task.StartAfter(30.Seconds),
            };
        }
    }
}
