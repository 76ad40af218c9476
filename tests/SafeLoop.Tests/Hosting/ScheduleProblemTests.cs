using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

public class ScheduleProblemTests
{
    [Fact]
    public void No_schedule() => Assert.Equal(
        "Recurring task 'task': it has no schedule. "
        + "Call Every, WithDelay, Cron, Continuously or DelayBy, or set one of them in its configuration.",
        Problem(_ => { }));

    [Fact]
    public void Two_schedules() => Assert.Equal(
        "Recurring task 'task': it has 2 schedules (Every, Cron). Keep one, "
            + "or register a task for each and put them under one lock with WithLock.",
        Problem(task => task.Every(Second).Cron("* * * * *")));

    [Fact]
    public void Five_schedules() => Assert.Equal(
        "Recurring task 'task': it has 5 schedules (Every, Delay, Cron, Continuously, DelayPolicy). Keep one, "
            + "or register a task for each and put them under one lock with WithLock.",
        Problem(task => task.Every(Second).WithDelay(Second).Cron("* * * * *").Continuously().DelayBy(new Never())));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(9_999)]
    public void A_period_shorter_than_a_millisecond(long ticks)
    {
        var period = TimeSpan.FromTicks(ticks);

        Assert.Equal($"Recurring task 'task': Every is {period}. Set it to at least 1 ms.",
            Problem(task => task.Every(period)));
        Assert.Equal($"Recurring task 'task': Delay is {period}. Set it to at least 1 ms.",
            Problem(task => task.WithDelay(period)));
    }

    [Fact]
    public void A_cron_expression_that_is_none()
    {
        var problem = Problem(task => task.Cron("61 * * * *"));

        Assert.StartsWith("Recurring task 'task': ", problem, StringComparison.Ordinal);
        Assert.Contains("61", problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.False(problem.EndsWith("..", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void A_cron_that_never_fires(string expression)
    {
        var sentence =
            $"Recurring task 'task': Cron expression '{expression}' never fires. Change it to one that names a date to come.";

        Assert.Equal(sentence, Problem(task => task.Cron(expression)));
        Assert.Equal(sentence, Problem(task => task.DelayBy(CronSchedule.Parse(expression))));
    }

    [Fact]
    public void A_cron_policy_of_which_everything_is_excluded() => Assert.Equal(
        "Recurring task 'task': Except leaves it no slot. Exclude less, or change the schedule.",
        Problem(task => task.DelayBy(CronSchedule.Parse("0 3 * * 1")).Except(Exclusion.Weekdays(DayOfWeek.Monday))));

    [Fact]
    public void A_zone_that_is_unknown()
    {
        var problem = Problem(task => task.Cron("0 3 * * *", "Europe/Berlim"));

        Assert.Contains("'Europe/Berlim'", problem, StringComparison.Ordinal);
        Assert.Contains("Europe/Berlin", problem, StringComparison.Ordinal); // what was meant
    }

    [Fact]
    public void A_zone_without_a_cron() => Assert.Equal(
        "Recurring task 'task': TimeZone 'Europe/Berlin' has no effect without Cron or Except. Remove it, or set Cron.",
        Problem(task => task.Every(Second).Configure(options => options.TimeZone = "Europe/Berlin")));

    [Fact]
    public void A_daylight_rule_that_is_none() => Assert.Equal(
        "Recurring task 'task': DaylightSaving:Skipped '7' is none of RunAfter, Skip, Shift. Choose one.",
        Problem(task => task.Cron("0 3 * * *").OnDaylightSaving((SkippedTime)7)));

    [Fact]
    public void A_dialect_that_is_none() => Assert.Equal(
        "Recurring task 'task': CronDialect '7' is none of Cronos, Crontab, Quartz. Choose one.",
        Problem(task => task.Cron("0 3 * * *", dialect: (CronDialect)7)));

    [Fact]
    public void An_end_before_the_start() => Assert.Equal(
        "Recurring task 'task': EndAt (2026-01-01T00:00:00.0000000+00:00) is before StartAt (2026-01-02T00:00:00.0000000+00:00). "
        + "Set EndAt to a later time.",
        Problem(task => task.Every(Second).StartAt(LoopHost.Start.AddDays(1)).EndAt(LoopHost.Start)));

    private sealed class Never : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now) => null;
    }
}
