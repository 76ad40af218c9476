using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

public sealed class ChangeTests : ControlTest
{
    [Fact]
    public void A_change_takes_effect_at_once_and_the_task_it_returns_says_when()
    {
        Run();
        Host.Advance(Second * 5);
        var changed = Task.ChangeAsync(options => options.Every = Second * 2);
        Assert.False(changed.IsCompleted);
        Host.Settle();
        Host.Wait(changed);
        Host.Advance(Second * 3);

        Assert.Equal([0, 5, 7], Starts()); // 0 + 2 has passed: at once, then on its grid
    }

    [Fact]
    public void An_interval_becomes_a_cron_and_an_interval_again()
    {
        Run();
        Change(options => (options.Every, options.Cron) = (null, "* * * * *"));
        Host.Advance(Second * 120);
        Change(options => (options.Every, options.Cron) = (Second * 50, null));
        Host.Advance(Second * 50);

        Assert.Equal([0, 60, 120, 170], Starts());
    }

    [Fact]
    public void An_invalid_change_throws_and_changes_nothing()
    {
        Run();

        var error = Assert.Throws<InvalidRecurringTaskException>(() =>
        {
            _ = Task.ChangeAsync(options => options.Every = null);
        });
        Assert.Equal("Recurring task 'task': it has no schedule. "
            + "Call Every, WithDelay, Cron, Continuously or DelayBy, or set one of them in its configuration.",
            Assert.Single(error.Problems));
        Host.Advance(Second * 10);
        Assert.Equal([0, 10], Starts());
    }

    [Fact]
    public void A_running_iteration_goes_on_under_the_old_options()
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).WithTimeout(Second * 60));
        Change(options => options.Timeout = Second);
        Host.Advance(Second * 5);
        Assert.Equal(1, AtTheGate);
        Open();
        Host.Advance(Second * 10);

        Assert.Equal("Succeeded, TimedOut", Outcomes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_of_anything_but_the_schedule_does_not_move_the_slots(bool spread)
    {
        Run(task => task.Every(Second * 10).StartAfter(Second * 25).Configure(options => options.Spread = spread));
        Host.Advance(Second * 40);
        var next = Task.Snapshot().NextSlot;
        Change(options => options.Timeout = Second);

        Assert.Equal(next, Task.Snapshot().NextSlot);
    }

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(100, 1000)]
    public void A_new_schedule_of_a_spread_task_begins_at_its_share_of_the_new_period(int before, int after)
    {
        Run(task => task.Every(Second * before).Spread());
        Host.Advance(Second * before);
        Change(options => options.Every = Second * after);
        Host.Advance(Second * after * 2);

        var starts = Starts().ToArray();
        var phase = LoopHost.Start.AddSeconds(starts[^1]).UtcTicks % (Second * after).Ticks;
        Assert.Equal(StableHash.Share("task"), (double)phase / (Second * after).Ticks, tolerance: 0.02);
        Assert.Equal(after, starts[^1] - starts[^2]);
    }

    [Fact]
    public void A_change_that_leaves_the_period_alone_leaves_the_slots_of_a_spread_task_alone()
    {
        Run(task => task.Every(Second * 1000).Spread());
        Host.Advance(Second * 1000);
        var next = Task.Snapshot().NextSlot;
        Change(options => options.RunOnStart = true);

        Assert.Equal(next, Task.Snapshot().NextSlot);
    }

    [Fact]
    public void A_spread_task_whose_period_is_changed_again_and_again_runs_all_the_same()
    {
        Run(task => task.Every(Second * 60).Spread());
        for (var change = 0; change < 60; change++)
        {
            Host.Advance(Second * 20);
            Change(options => options.Every = Second * (60 + (change % 2)));
        }

        Assert.InRange(Starts().Count(), 15, 22); // of 20 minutes
    }

    [Fact]
    public void A_change_before_the_host_starts_is_the_schedule_it_starts_with()
    {
        Prepare();
        var added = Host.Tasks.Add("added", task => task.Step("step", StepAsync).Every(Second));
        Host.Wait(added.ChangeAsync(options => (options.Every, options.Cron) = (null, "* * * * *")));
        Host.StartHost();
        Host.Advance(Second * 60);

        Assert.Equal([60], Starts("added"));
    }

    [Fact]
    public void A_change_of_an_ended_task_is_for_its_next_start()
    {
        Run();
        Task.Stop();
        Host.Settle();
        Host.Wait(Task.ChangeAsync(options => options.Every = Second));
        Task.Start();
        Host.Advance(Second * 2.5);

        Assert.Equal([0, 0, 1, 2], Starts());
    }

    [Fact]
    public void The_object_a_change_was_made_with_can_be_used_for_another()
    {
        Run();
        var options = Task.Options;
        options.Timeout = Second;
        Host.Wait(Changed(options));
        options.Timeout = Second * 2;

        Assert.Equal(Second, Task.Options.Timeout);
    }

    [Theory]
    [InlineData("every", "it has 2 schedules (Every, Delay). Keep one: set Every to null in the same change.")]
    [InlineData("cron", "it has 2 schedules (Delay, Cron). Keep one: set Cron to null in the same change.")]
    [InlineData(
        "continuously", "it has 2 schedules (Delay, Continuously). Keep one: set Continuously to false in the same change.")]
    public void A_change_that_adds_a_schedule_of_another_kind_says_what_to_write(string before, string problem)
    {
        Prepare(task => _ = before switch
        {
            "every" => task.Every(Second * 10),
            "cron" => task.Cron("* * * * *"),
            _ => task.Continuously(),
        });
        Action change = () => Task.ChangeAsync(options => options.Delay = Second);

        Assert.Equal(
            $"Recurring task 'task': {problem}", Assert.Single(Assert.Throws<InvalidRecurringTaskException>(change).Problems));
    }

    [Fact]
    public void Options_with_two_schedules_that_are_not_a_copy_have_no_old_one_to_remove()
    {
        Run();
        Action change = () => Task.ChangeAsync(new RecurringTaskOptions { Every = Second, Delay = Second });

        Assert.Equal(
            "Recurring task 'task': it has 2 schedules (Every, Delay). "
                + "Keep one, or register a task for each and put them under one lock with WithLock.",
            Assert.Single(Assert.Throws<InvalidRecurringTaskException>(change).Problems));
    }

    private Task Changed(RecurringTaskOptions options)
    {
        var changed = Task.ChangeAsync(options);
        Host.Settle();
        return changed;
    }

    private void Change(Action<RecurringTaskOptions> change)
    {
        var changed = Task.ChangeAsync(change);
        Host.Settle();
        Host.Wait(changed);
    }

    private IEnumerable<double> Starts(string task = "task") =>
        Host.Records(task).Select(record => Math.Round((record.Started - LoopHost.Start).TotalSeconds));
}
