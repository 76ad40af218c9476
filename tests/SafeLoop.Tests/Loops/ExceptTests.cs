using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Loops;

/// <summary>A loop leaves out what is excluded. The host starts on Thursday, 1 January 2026, at midnight UTC.</summary>
public class ExceptTests
{
    private static readonly Exclusion Weekend = Exclusion.Weekdays(DayOfWeek.Saturday, DayOfWeek.Sunday);

    [Theory]
    [InlineData("cron")]
    [InlineData("every")]
    public void A_slot_that_is_excluded_is_left_out_without_a_trace(string schedule)
    {
        using var host = LoopHost.Run(services => With(schedule, services.AddRecurringTask("t", Steps.None)).Except(Weekend));

        host.Advance(5.Days);

        Assert.Equal(["1.00", "1.12", "2.00", "2.12", "5.00", "5.12", "6.00"], host.Records().Select(At));
        Assert.All(host.Records(), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
        Assert.Equal(0, host["t"].Snapshot().Missed);
    }

    [Fact]
    public void Exclusions_add_up_and_speak_of_the_tasks_zone()
    {
        // 15, 21, 3 and 9 o'clock UTC.
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 */6 * * *", "Asia/Tokyo")
            .Except(Weekend).Except(Exclusion.Times(new(5, 0), new(7, 0))).Except(Exclusion.Dates(new DateOnly(2026, 1, 2))));

        host.Advance(5.Days);

        Assert.Equal(["1.03", "1.09", "4.15", "5.03", "5.09", "5.15"], host.Records().Select(At));
    }

    [Fact]
    public void Intervals_have_a_zone_for_their_exclusions_too()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(12.Hours)
            .Except(Weekend.In("Asia/Tokyo")));

        host.Advance(4.Days);

        // Saturday in Tokyo begins on the 2nd at 15:00, Monday on the 4th at 15:00.
        Assert.Equal(["1.00", "1.12", "2.00", "2.12", "5.00"], host.Records().Select(At));
    }

    [Fact]
    public void A_slot_that_is_not_on_a_grid_is_put_off_to_the_end_of_the_excluded_time()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("after", Steps.Taking(10.Hours)).WithDelay(20.Hours).Except(Weekend);
            services.AddRecurringTask("own", Steps.None)
                .DelayBy(new ScriptedPolicy((history, _) => (history.LastSlot ?? LoopHost.Start) + 22.Hours)).Except(Weekend);
            services.AddRecurringTask("chosen", (iteration, _) =>
            {
                if (iteration.Number == 1)
                    iteration.NextAt(LoopHost.Start + 60.Hours);
                return default(ValueTask);
            }).Every(30.Days).Except(Weekend);
        });

        host.Advance(5.Days + 1.Hours);

        Assert.Equal(["1.00", "2.06", "5.00"], host.Records("after").Select(At)); // the next would be the 3rd at 12
        Assert.Equal(["1.22", "2.20", "5.00", "5.22"], host.Records("own").Select(At));
        Assert.Equal(["1.00", "5.00"], host.Records("chosen").Select(At));
    }

    [Fact]
    public void A_loop_without_a_pause_makes_one_while_the_time_is_excluded()
    {
        var runs = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, token) =>
        {
            runs++;
            return new(Steps.Wait(iteration, 1.Hours, token));
        }).Continuously().Except(Exclusion.Times(new(2, 30), new(20, 0))));

        host.Advance(1.Days);

        Assert.Equal(3 + 5, runs); // 0, 1, 2 and 20, 21, 22, 23 o'clock, and that of midnight has just begun
        Assert.Equal("1.20", At(host.Records()[3]));
    }

    [Fact]
    public void A_loop_that_starts_within_excluded_time_begins_with_the_first_slot_that_is_not()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("every", Steps.None).Every(7.Hours).Except(Exclusion.Dates(new DateOnly(2026, 1, 1)));
            services.AddRecurringTask("at start", Steps.None).Cron("0 9 * * *").RunOnStart()
                .Except(Exclusion.Dates(new DateOnly(2026, 1, 1)));
        });

        host.Advance(1.Days + 12.Hours);

        Assert.Equal(["2.04", "2.11"], host.Records("every").Select(At)); // 4 × 7 hours from the start
        Assert.Equal(["2.00", "2.09"], host.Records("at start").Select(At));
    }

    [Fact]
    public void Upcoming_slots_are_those_that_then_come()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("cron", Steps.None).Cron("30 2 * * *", "Europe/Berlin").Except(Weekend);
            services.AddRecurringTask("every", Steps.None).Every(5.Hours).Except(Weekend)
                .Except(Exclusion.Times(new(9, 0), new(17, 0)));
            services.AddRecurringTask("delay", Steps.None).WithDelay(5.Hours).Except(Weekend);
        }, new(2026, 3, 26, 0, 0, 0, TimeSpan.Zero)); // the clocks change on Sunday the 29th
        host.Advance(1.Hours);

        foreach (var task in host.Tasks.All)
        {
            var (upcoming, before) = (task.UpcomingSlots(6).Select(slot => slot.Slot).ToList(), host.Records(task.Name).Count);
            host.Advance(9.Days);
            Assert.Equal(upcoming, host.Records(task.Name).Skip(before).Take(6).Select(record => record.Slot));
            Assert.DoesNotContain(upcoming, slot => slot.DayOfWeek is DayOfWeek.Saturday); // in Berlin and in UTC
        }
    }

    [Fact]
    public void Missed_slots_are_counted_without_the_excluded_ones()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("latest", Steps.None).Every(1.Seconds).Except(Weekend);
            services.AddRecurringTask("all", Steps.None).Cron("0 0 * * *").Except(Weekend).OnMissed(MissedSlots.RunAll);
        });

        host.Sleep(14.Days);

        Assert.Equal((10 * 86_400) - 1, host["latest"].Snapshot().Missed); // ten working days, and the slot of midnight runs
        Assert.Equal(["2.00", "5.00", "6.00", "7.00", "8.00", "9.00", "12.00", "13.00", "14.00", "15.00"],
            host.Records("all").Select(At));
    }

    [Fact]
    public void Back_off_and_exclusions_both_hold()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (_, _) => throw new InvalidOperationException())
            .Every(1.Hours)
            .BackOff(30.Hours, max: 30.Hours).Except(Exclusion.Times(new(6, 0), new(8, 0))));

        host.Advance(3.Days);

        Assert.Equal(["1.00", "2.08", "3.14"], host.Records().Select(At)); // 30 hours later it is 6 o'clock
    }

    [Fact]
    public void When_the_wall_clock_is_set_the_exclusions_go_with_it()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Hours).Except(Weekend));
        host.Advance(30.Minutes);

        host.Clock.SetWallClock(new(2026, 1, 4, 22, 30, 0, TimeSpan.Zero)); // it is Sunday
        host.Advance(5.Seconds);
        Assert.Equal(new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), host["t"].UpcomingSlots(1)[0].Slot);
        host.Advance(3.Hours);

        // On its own clock: not in the hour before midnight.
        Assert.Equal([0, 2, 3], host.Records().Select(record => (record.Slot - LoopHost.Start).TotalHours));
    }

    [Fact]
    public void A_calendar_that_throws_is_reported_and_excludes_nothing()
    {
        var broken = false;
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(8.Hours)
            .Except(Exclusion.Dates(date => broken ? throw new InvalidOperationException("no calendar") : date.Day == 2)));
        broken = true;
        host.Advance(1.Days + 8.Hours);
        broken = false;
        host.Advance(2.Days);

        // 2.16 was planned while it threw.
        Assert.Equal(["1.00", "1.08", "1.16", "2.00", "2.08", "2.16", "3.00", "3.08", "3.16", "4.00", "4.08"],
            host.Records().Select(At));
        Assert.All(host.Faults(), text => Assert.Equal("An exclusion threw; the day it was called for is not excluded.", text));
        Assert.Equal(2, host.Faults().Count()); // once for each day
        Assert.Contains(host.Logs.Lines, line => line.Exception?.Message == "no calendar" && line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void A_calendar_that_comes_to_exclude_everything_ends_the_loop_and_says_so()
    {
        var closed = false;
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Hours)
            .Except(Exclusion.Dates(_ => closed)));

        closed = true;
        host.Advance(3.Hours);

        Assert.Equal(LoopEnd.Completed, host.EndOf("t"));
        Assert.Equal("The schedule has no further slot.", host["t"].Snapshot().StateReason);
    }

    [Theory]
    [InlineData("days")]
    [InlineData("dates")]
    [InlineData("seconds")]
    [InlineData("hours")]
    public void A_schedule_with_everything_excluded_does_not_start_nor_spin(string how)
    {
        var since = Stopwatch.GetTimestamp();
        var problem = Problem(task => (how == "days" ? task.Cron("* * * * * *", "Europe/Berlin") : task.Every(Second))
            .Except(how switch
            {
                "days" => Exclusion.Weekdays(Enum.GetValues<DayOfWeek>()),
                "dates" => Exclusion.Dates(_ => true), // a thousand years of seconds and more
                "hours" => Exclusion.Cron("0 * * * *", 1.Hours),
                _ => Exclusion.Cron("* * * * * *", 1.Seconds),
            }));

        Assert.Equal("Recurring task 'task': Except leaves it no slot. Exclude less, or change the schedule.", problem);
        // Takes part of a second; spinning would take for ever.
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, 30.Seconds);
    }

    [Fact]
    public void A_calendar_that_cannot_be_read_is_a_sentence_at_start_up()
    {
        Assert.StartsWith("Recurring task 'task': Except: Time zone 'Europe/Berlim' is not known",
            Problem(task => task.Every(Second).Except(Weekend.In("Europe/Berlim"))), StringComparison.Ordinal);
        Assert.StartsWith("Recurring task 'task': Except: ",
            Problem(task => task.Every(Second).Except(Exclusion.Cron("61 * * * *"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_calendar_takes_effect_at_once()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 * * * *"));
        host.Wait(host["t"].ChangeAsync(options => options.Exclusions.Add(Exclusion.Times(new(0, 30), new(23, 30)))));
        host.Advance(1.Days);

        Assert.Equal(["2.00"], host.Records().Select(At));
    }

    private static IRecurringTaskBuilder With(string schedule, IRecurringTaskBuilder task) =>
        schedule == "cron" ? task.Cron("0 0,12 * * *").RunOnStart() : task.Every(12.Hours);

    private static string At(IterationRecord record) => $"{record.Slot:d.HH}";
}
