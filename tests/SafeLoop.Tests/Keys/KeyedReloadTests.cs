using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A reload moves no slot that it does not speak of, however often it comes.</summary>
public class KeyedReloadTests
{
    // After firewalla#9708: each reload restarted the timers, so those with a longer period never fired.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_whose_task_is_changed_more_often_than_they_run_run_all_the_same(bool hasOwnPeriods)
    {
        using var visit = new VisitHost(task =>
        {
            if (hasOwnPeriods)
                task.Every(device => device.Period);
            else
                task.Every(60.Seconds);
        });
        visit.Add(new Device(1) { Period = 60.Seconds }, new Device(2) { Period = 60.Seconds });
        _ = visit.Keys.Find(new(2))!.Completion; // gives it its own runner
        for (var change = 1; change <= 30; change++)
        {
            visit.Advance(20);
            visit.Set("Timeout", $"00:05:{change:00}");
        }

        Assert.Equal(Enumerable.Range(0, 11).Select(n => n * 60d), visit.Script.Of(1));
        Assert.Equal(Enumerable.Range(0, 11).Select(n => n * 60d), visit.Script.Of(2));
    }

    // After Hangfire#728, #1797 and #2371: a new expression made the slot due that it would have had before the change.
    [Fact]
    public void A_new_expression_makes_no_slot_due_that_has_passed()
    {
        using var poll = new PollHost(_ => { }, settings: new() { ["RecurringTasks:poll:Cron"] = "0 1 * * *" });
        poll.Add("a", "b");
        poll.Pin("b");
        poll.Advance(15 * 3600);
        Assert.Equal(2, poll.Script.Runs.Count);

        poll.Host.Configuration["RecurringTasks:poll:Cron"] = "0 2 * * *";
        poll.Host.Configuration.Reload();
        poll.Advance(24 * 3600);

        Assert.Equal([3600, 26 * 3600], poll.Script.Of("a"));
        Assert.Equal([3600, 26 * 3600], poll.Script.Of("b"));
    }

    // After dotnet/aspnetcore#2542: a change of a file is announced twice.
    [Fact]
    public void A_reload_that_comes_twice_is_one_change()
    {
        using var poll = new PollHost(_ => { }, settings: new() { ["RecurringTasks:poll:Every"] = "00:00:10" });
        poll.Add("a", "b");
        poll.Advance(5);
        poll.Host.Configuration["RecurringTasks:poll:Every"] = "00:00:20";
        poll.Host.Configuration.Reload();
        poll.Host.Configuration.Reload();
        poll.Advance(60);

        Assert.Single(poll.Host.Observer.Of(LoopEventKind.Changed));
        Assert.Equal([0, 20, 40, 60], poll.Script.Of("a"));
    }
}
