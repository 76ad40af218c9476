using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

public sealed class AddRemoveTests : ControlTest
{
    [Fact]
    public void A_task_is_found_whatever_its_capitals()
    {
        Run();

        Assert.Same(Task, Host.Tasks.Find("TASK"));
        Assert.Null(Host.Tasks.Find("other"));
        Assert.Equal("There is no recurring task named 'tasc', did you mean 'task'?",
            Assert.Throws<KeyNotFoundException>(() => Host.Tasks["tasc"]).Message);
        Assert.Throws<ArgumentNullException>(() => Host.Tasks.Find(null!));
    }

    [Fact]
    public void A_task_added_at_run_time_starts_at_once()
    {
        Run();
        Add("added");
        Host.Settle();

        Assert.Equal("Succeeded", Outcomes("added"));
        Assert.Equal(["task", "added"], Host.Tasks.All.Select(task => task.Name));
    }

    [Fact]
    public void A_task_added_before_the_host_starts_starts_with_it()
    {
        Prepare();
        var added = Add("added");
        Host.Settle();
        Assert.Equal((RecurringTaskState.NotStarted, ""), (added.State, Outcomes("added")));
        Host.StartHost();

        Assert.Equal("Succeeded", Outcomes("added"));
        Assert.Equal("Succeeded", Outcomes());
    }

    [Fact]
    public void A_task_added_after_the_host_has_stopped_never_runs()
    {
        Run();
        Host.Wait(Host.StopHost());
        var added = Add("added");
        Host.Settle();

        Assert.Equal((RecurringTaskState.Ended, LoopEnd.HostStopped), (added.State, added.Snapshot().End));
        Assert.Equal("", Outcomes("added"));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        Run();

        Assert.Equal("Recurring task 'TASK': the name is taken. Give each task its own; capitals do not matter.",
            Assert.Throws<InvalidRecurringTaskException>(() => Add("TASK")).Message);
        Assert.Single(Host.Tasks.All);
    }

    [Fact]
    public void An_invalid_task_is_refused_with_all_its_problems()
    {
        Run();
        var error = Assert.Throws<InvalidRecurringTaskException>(() => Host.Tasks.Add(
            "added", task => task.WithTimeout(TimeSpan.Zero)));

        Assert.Equal(3, error.Problems.Count); // no schedule, no step, no time
        Assert.Null(Host.Tasks.Find("added"));
        Assert.Throws<ArgumentException>(() => Host.Tasks.Add(" ", _ => { }));
    }

    [Fact]
    public void A_removed_task_interrupts_its_iteration_and_ends()
    {
        IsGated = true;
        Run();
        var task = Task;
        Assert.True(Host.Tasks.Remove("Task"));
        Host.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("Interrupted(Removed)", Outcomes());
        Assert.Equal(LoopEnd.Removed, Of(task.Completion));
        Assert.Empty(Host.Tasks.All);
        Assert.False(Host.Tasks.Remove("task"));
    }

    [Fact]
    public void A_removed_task_stays_removed()
    {
        Run();
        var task = Task;
        Host.Tasks.Remove("task");
        Host.Settle();
        task.Start();
        Host.Advance(Second * 10);

        Assert.Equal("Succeeded", Outcomes());
        Assert.Equal("Skipped(Disabled)", Outcome(task.RunNowAsync()));
    }

    [Fact]
    public void A_task_that_is_removed_before_the_host_starts_ends_all_the_same()
    {
        Prepare();
        var added = Add("added");
        Host.Tasks.Remove("added");
        Host.Settle();
        Host.StartHost();

        Assert.Equal(LoopEnd.Removed, Of(added.Completion));
        Assert.Equal("", Outcomes("added"));
    }

    [Fact]
    public void A_task_of_the_same_name_never_runs_beside_the_one_that_was_removed()
    {
        (IsGated, IsDeaf) = (true, true);
        Run();
        Host.Tasks.Remove("task");
        Add("task");
        Host.Tasks.Remove("task");
        var third = Add("task");
        Host.Advance(Second * 60);
        Assert.Equal(1, AtTheGate); // the first, which hangs

        IsGated = false;
        Open();
        Host.Wait(third.RunNowAsync());
        Assert.Equal(2, third.Snapshot().Succeeded);
    }

    [Fact]
    public void A_task_registered_at_start_up_leaves_nothing_of_its_verbs_to_a_later_one_of_its_name()
    {
        Run(task => task.Every(Second * 10).WithTimeout(Second));
        Host.Tasks.Remove("task");
        Host.Settle();
        var added = Host.Tasks.Add("task", task => task.Step("step", StepAsync).WithDelay(Second * 3));
        Host.Configuration.Reload();
        Host.Settle();

        Assert.Equal((null, Second * 3, null), (added.Options.Every, added.Options.Delay, added.Options.Timeout));
    }

    [Fact]
    public void A_stop_of_the_host_names_a_removed_task_that_hangs()
    {
        (IsGated, IsDeaf) = (true, true);
        Run();
        Host.Tasks.Remove("task");
        Host.Settle();
        Host.Wait(Host.StopHost(new CancellationToken(canceled: true)));

        Assert.Contains("'task' did not stop", Assert.Single(Host.Logs.Lines, line => line.Id == 40).Text,
            StringComparison.Ordinal);
    }

    private RecurringTaskHandle Add(string name) => Host.Tasks.Add(name, task => task.Step("step", StepAsync).Every(Second * 10));
}
