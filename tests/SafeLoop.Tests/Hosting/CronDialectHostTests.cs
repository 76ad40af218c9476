using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>A task whose cron another scheduler would read otherwise.</summary>
public class CronDialectHostTests
{
    private const string Doubtful = "30 4 1,15 * 5";

    private const string Warning = "Recurring task 'task': Cron expression '30 4 1,15 * 5' names days of the month and days of "
        + "the week: it is due on days that match both. In crontab and Kubernetes it is due on days that match either. "
        + "Say which is meant: CronDialect Cronos for both, Crontab for either. "
        + "Next: 2026-05-01 04:30 +00:00 as it is read, 2026-01-01 04:30 +00:00 in crontab.";

    [Fact]
    public void It_is_reported_once_at_start_with_both_readings()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).Cron(Doubtful));
        host.Advance(TimeSpan.FromDays(30));

        Assert.Equal([Warning], Warnings(host));
        Assert.Empty(host.Records());
    }

    [Fact]
    public void A_policy_and_an_exclusion_are_looked_at_too()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).DelayBy(CronSchedule.Parse(Doubtful))
            .Except(Exclusion.Cron("0 4 13 * 5")));

        Assert.Equal(Warning, Warnings(host)[0]);
        Assert.StartsWith(
            "Recurring task 'task': Except: Cron expression '0 4 13 * 5' names days",
            Warnings(host)[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_uneven_step_is_reported_too_but_not_of_an_exclusion()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", Nothing).Cron("*/47 * * * *", dialect: CronDialect.Cronos)
                .Except(Exclusion.Cron("0 */5 * * *"));
            services.AddRecurringTask("both", Nothing).Cron("*/7 * 1,15 * 5");
        });

        Assert.Equal(
            "Recurring task 'task': Cron expression '*/47 * * * *' is due at minutes 0,47: after 47 comes 0, "
                + "so it is not due every 47 minutes. For that, call Every, or set Every to 00:47:00. "
                + "To keep these minutes, write them instead of */47.",
            Warnings(host)[0]);
        Assert.EndsWith(
            "in crontab. Cron expression '*/7 * 1,15 * 5' is due at minutes 0,7,14,21,28,35,42,49,56: after 56 comes 0, "
                + "so it is not due every 7 minutes. For that, call Every, or set Every to 00:07:00, "
                + "and exclude the other times with Except. To keep these minutes, write them instead of */7.",
            Warnings(host)[1],
            StringComparison.Ordinal);
        Assert.Equal(2, Warnings(host).Length);
    }

    [Fact]
    public void A_dialect_stated_in_code_applies_without_a_warning()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", Nothing).Cron(Doubtful, dialect: CronDialect.Crontab);
            services.AddRecurringTask("quartz", Nothing).Cron("0 0 12 ? * 2-6", dialect: CronDialect.Quartz)
                .Except(Exclusion.Cron("0 0 12 ? * 2", dialect: CronDialect.Quartz));
        });

        Assert.Empty(Warnings(host));
        Assert.Equal(LoopHost.Start.AddHours(4.5), host["task"].UpcomingSlots(1)[0].Slot);
        // 1 January 2026 is a Thursday, and Mondays are excluded.
        Assert.Equal([1, 2, 6, 7, 8, 9, 13], host["quartz"].UpcomingSlots(7).Select(slot => slot.Slot.Day));
    }

    [Fact]
    public void A_dialect_stated_in_configuration_applies_without_a_warning()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("task", Nothing).Cron(Doubtful),
            settings: new Dictionary<string, string?> { ["RecurringTasks:task:CronDialect"] = "Crontab" });

        Assert.Empty(Warnings(host));
        Assert.Equal(LoopHost.Start.AddHours(4.5), host["task"].UpcomingSlots(1)[0].Slot);
    }

    [Fact]
    public void A_reload_a_change_and_an_added_task_are_warned_of_once()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).Every(TimeSpan.FromDays(1)));
        host.Configuration["RecurringTasks:task:Cron"] = Doubtful;
        Reload();
        Assert.Equal([Warning], Warnings(host));

        host.Configuration["RecurringTasks:task:Timeout"] = "00:00:01";
        Reload();
        Assert.Single(Warnings(host));

        host.Wait(host["task"].ChangeAsync(options => options.Cron = "0 0 13 * 5"));
        host.Tasks.Add("added", task => task.Step("step", Nothing).Cron("0 0 13 * 5"));
        Assert.Equal(3, Warnings(host).Length);

        void Reload()
        {
            host.Configuration.Reload();
            host.Settle();
        }
    }

    [Fact]
    public void One_warning_covers_all_keys_of_a_task()
    {
        using var poll = new PollHost(task => task.Cron("0 3 * * *"));
        poll.Add("a", "b");
        Assert.NotNull(poll.Keys.Find("a"));
        poll.Host.Configuration["RecurringTasks:poll:Cron"] = Doubtful;
        poll.Host.Configuration.Reload();
        poll.Host.Settle();

        Assert.Single(Warnings(poll.Host));
    }

    [Fact]
    public void Of_keys_with_their_own_expressions_the_first_doubtful_one_is_a_warning()
    {
        using var poll = new PollHost(task => task.Cron((string key) => $"{key} 4 1,15 * 5"));
        poll.Add("30", "31");

        Assert.StartsWith(
            "Recurring task 'poll': Cron expression '30 4 1,15 * 5' names days",
            Assert.Single(Warnings(poll.Host)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_dialect_of_the_task_is_that_of_its_keys_too()
    {
        using var poll = new PollHost(
            task => task.Cron((string key) => key), new() { ["RecurringTasks:poll:CronDialect"] = "Crontab" });
        poll.Add(Doubtful);
        poll.Host.Advance(TimeSpan.FromDays(1));

        Assert.Empty(Warnings(poll.Host));
        Assert.Single(poll.Script.Of(Doubtful));
    }

    [Fact]
    public void A_dialect_that_changes_plans_anew()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("task", Nothing).Cron(Doubtful, dialect: CronDialect.Cronos));
        host.Wait(host["task"].ChangeAsync(options => options.CronDialect = CronDialect.Crontab));
        host.Advance(TimeSpan.FromDays(1));

        Assert.Single(host.Records());
    }

    private static string[] Warnings(LoopHost host) =>
        [.. host.Logs.Lines.Where(line => line.Id == 41).Select(line => line.Text)];
}
