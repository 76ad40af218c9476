using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

public class RenamedTaskTests
{
    [Fact]
    public async Task A_renamed_task_takes_its_pause_its_counts_and_its_history_along()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Register(services, "report"));
        await host.AdvanceAsync(3.Minutes);
        await host["report"].PauseAsync("release", "Ann");
        await host.AdvanceAsync(2.Seconds);
        hosts.Kill();

        for (var n = 0; n < 2; n++) // the former name may stay
        {
            var next = await hosts.StartAsync(
                services => Register(services, "nightlyReport").FormerlyNamed("REPORT"), host.Now + 1.Minutes);
            await next.AdvanceAsync(1.Seconds);
            var snapshot = next["nightlyReport"].Snapshot();
            Assert.Equal(("Ann", 4L), (snapshot.Pause?.By, snapshot.Succeeded));
            hosts.Kill();
        }
        Assert.Equal(4, hosts.History("nightlyReport").Count(line => line.EndsWith(" Succeeded", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stored_change_goes_along_and_stays_when_the_former_name_is_removed()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Register(services, "report"));
        await host["report"].ChangeAsync(options => options.Every = 10.Seconds);
        await host.AdvanceAsync(6.Seconds);
        hosts.Kill();

        foreach (var former in new[] { "report", null })
        {
            var next = await hosts.StartAsync(services =>
            {
                var task = Register(services, "nightlyReport");
                if (former is not null)
                    task.FormerlyNamed(former);
            });
            await next.AdvanceAsync(1.Seconds);
            Assert.Equal(10.Seconds, next["nightlyReport"].Options.Every);
            Assert.NotNull(next["nightlyReport"].Snapshot().Change);
            hosts.Kill();
        }
    }

    [Fact]
    public async Task A_renamed_task_without_its_former_name_begins_empty_and_its_history_stays()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Register(services, "report"));
        await host.AdvanceAsync(3.Minutes);
        await host["report"].PauseAsync();
        await host.AdvanceAsync(2.Seconds);
        hosts.Kill();
        var next = await hosts.StartAsync(services => Register(services, "nightlyReport"));

        Assert.Null(next["nightlyReport"].Snapshot().Pause);
        var runs = hosts.Entries("report").Where(entry => entry.Record.Outcome is IterationOutcome.Succeeded);
        Assert.Equal(4, runs.Count(entry => entry.TaskName == "report"));
        var history = next.Services.GetRequiredService<IRecurringTaskHistory>();
        Assert.NotEmpty((await history.QueryAsync(new() { TaskName = "report" })).Entries);
    }

    [Fact]
    public async Task A_task_that_is_stored_under_its_new_name_already_keeps_its_own_state()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services =>
        {
            Register(services, "report");
            Register(services, "nightlyReport");
        });
        await host["report"].PauseAsync();
        await host["nightlyReport"].PauseAsync("own");
        hosts.Kill();
        var next = await hosts.StartAsync(services => Register(services, "nightlyReport").FormerlyNamed("report"));

        Assert.Equal("own", next["nightlyReport"].Snapshot().Pause?.Reason);
    }

    [Theory]
    [InlineData("", "Recurring task 'new': FormerName is empty. Set it to the name that the task had before, or to null.")]
    [InlineData("NEW", "Recurring task 'new': FormerName 'NEW' is its present name; capitals do not matter. Remove it.")]
    [InlineData("Old", "Recurring task 'new': FormerName 'Old' is the name of a task of this host ('old'), whose state it would "
        + "take. Remove FormerName, or register that task no longer.")]
    public async Task A_former_name_that_cannot_be_one_is_a_problem_at_the_start(string former, string problem)
    {
        await using var hosts = new StoredHosts();
        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => hosts.StartAsync(services =>
        {
            Register(services, "old");
            Register(services, "new").FormerlyNamed(former);
        }));

        Assert.Equal([problem], error.Problems);
    }

    [Fact]
    public async Task Two_tasks_cannot_have_the_same_former_name()
    {
        await using var hosts = new StoredHosts();
        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => hosts.StartAsync(services =>
        {
            Register(services, "one").FormerlyNamed("old");
            Register(services, "other").FormerlyNamed("old");
        }));

        Assert.Contains("is that of task 'one' too", Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_is_added_later_cannot_take_the_state_of_one_that_is_there()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Register(services, "old"));

        var error = Assert.Throws<InvalidRecurringTaskException>(() => host.Tasks.Add("new", task =>
            task.Step("step", _ => ValueTask.CompletedTask).Every(1.Minutes).FormerlyNamed("old")));
        Assert.Contains("is the name of a task of this host", Assert.Single(error.Problems), StringComparison.Ordinal);
        Assert.Null(host.Tasks.Find("new"));
    }

    private static IRecurringTaskBuilder Register(IServiceCollection services, string name) =>
        services.AddRecurringTask(name, (Iteration _, CancellationToken _) => ValueTask.CompletedTask).Every(1.Minutes);
}
