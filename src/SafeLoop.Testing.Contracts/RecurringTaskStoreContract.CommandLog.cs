using SafeLoop.Storage;

namespace SafeLoop.Testing;

// The log of commands: what became of each, page by page.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>The audit log says how it ended, and on which host.</summary>
    [Fact]
    public async Task How_a_command_ended_is_recorded_once()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var command = await GiveAsync(one, TaskCommandKind.RunNow);
        Assert.Equal(TaskCommandState.Waiting, (await FindAsync(one, command)).State);
        Assert.True(await other.Store.TryTakeCommandAsync(command.Id, other.Id, default));
        Assert.Equal((TaskCommandState.Running, (Guid?)other.Id), await StateAsync(one, command));
        var before = (await other.SendHeartbeatAsync()).Now;
        await other.CompleteAsync(command.Id, "Succeeded");
        await other.CompleteAsync(command.Id, "Failed"); // the first result stays

        var status = await FindAsync(one, command);
        var result = Assert.Single(status.Results);
        Assert.Equal((other.Id, "contract", true, "Succeeded"), (result.Instance, result.Host, result.IsExecuted, result.Text));
        Assert.InRange(result.Ended, before, (await other.SendHeartbeatAsync()).Now); // on the clock of the database
        Assert.Equal((TaskCommandState.Completed, "Succeeded"), (status.State, status.Text));
        Assert.Equal(command.Id, status.Command.Id);
        Assert.False(await one.Store.TryTakeCommandAsync(command.Id, one.Id, default));
    }

    /// <summary>A host that has not taken it cannot say that it ran.</summary>
    [Fact]
    public async Task Only_the_host_that_has_taken_a_command_records_that_it_was_executed()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var command = await GiveAsync(one, TaskCommandKind.RunNow);
        await one.CompleteAsync(command.Id, "Succeeded");
        Assert.Equal(TaskCommandState.Waiting, (await FindAsync(one, command)).State);
        Assert.True(await other.Store.TryTakeCommandAsync(command.Id, other.Id, default));
        await one.CompleteAsync(command.Id, "Succeeded");

        Assert.Equal((TaskCommandState.Running, (Guid?)other.Id), await StateAsync(one, command));
    }

    /// <summary>All hosts execute a pause, and some may not have the task.</summary>
    [Fact]
    public async Task A_command_for_all_hosts_has_a_result_for_each()
    {
        var hosts = await StartAllAsync(3);
        var command = await GiveAsync(hosts[0], TaskCommandKind.Pause);
        await hosts[0].CompleteAsync(command.Id, "no such task", isExecuted: false);
        Assert.Equal(TaskCommandState.Waiting, (await FindAsync(hosts[0], command)).State);
        await hosts[1].CompleteAsync(command.Id, "paused");
        await hosts[2].CompleteAsync(command.Id, "paused");

        var status = await FindAsync(hosts[0], command);
        Assert.Equal(hosts.Select(host => host.Id).Order(), status.Results.Select(result => result.Instance).Order());
        Assert.Equal((TaskCommandState.Completed, "paused (2 hosts)"), (status.State, status.Text));
    }

    /// <summary>
    /// The run may have had its effect, so no other host repeats it. Its sender must not wait for a result for ever.
    /// </summary>
    [Fact]
    public async Task A_command_whose_host_is_lost_ends_as_interrupted_and_is_not_executed_again()
    {
        var (gone, other) = (await StartAsync(0), await StartAsync(1));
        var command = await GiveAsync(other, TaskCommandKind.RunNow);
        var done = await GiveAsync(other, TaskCommandKind.RunNow);
        foreach (var taken in (TaskCommand[])[command, done])
            Assert.True(await gone.Store.TryTakeCommandAsync(taken.Id, gone.Id, default));
        await gone.CompleteAsync(done.Id, "Succeeded");
        await AdvanceAsync(LostAfter * 1.5);
        await other.SendHeartbeatAsync();
        await other.SendHeartbeatAsync();

        var status = await FindAsync(other, command);
        Assert.Equal((TaskCommandState.Completed, "Interrupted (HostLost)"), (status.State, status.Text));
        Assert.Equal(gone.Id, Assert.Single(status.Results).Instance);
        Assert.False(await other.Store.TryTakeCommandAsync(command.Id, other.Id, default));
        await gone.CompleteAsync(command.Id, "Succeeded"); // it was only frozen; the result stays
        Assert.Equal("Interrupted (HostLost)", (await FindAsync(other, command)).Text);
        Assert.Equal("Succeeded", (await FindAsync(other, done)).Text);
    }

    /// <summary>A misspelt name must not be accepted in silence.</summary>
    [Fact]
    public async Task A_command_for_a_task_that_is_not_stored_is_not_added()
    {
        var host = await StartAsync();
        var command = Command(TaskCommandKind.Pause);

        Assert.True(await host.Store.AddCommandAsync(command, default));
        Assert.False(await host.Store.AddCommandAsync(command with { Id = Guid.NewGuid(), TaskName = "nightyl" }, default));
        Assert.Single((await host.Store.QueryCommandsAsync(new(), default)).Commands);
        Assert.Single(await host.LoadAsync("nightyl")); // as a new task
    }

    /// <summary>As long as no host has executed it.</summary>
    [Fact]
    public async Task A_command_that_no_host_executes_in_time_is_reported_as_expired()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var run = await GiveAsync(one, TaskCommandKind.RunNow, LostAfter / 2);
        var pause = await GiveAsync(one, TaskCommandKind.Pause, LostAfter / 2);
        foreach (var host in (StoreHost[])[one, other])
            await host.CompleteAsync(pause.Id, "no such task", isExecuted: false);
        Assert.Equal("waits for a host", (await FindAsync(one, run)).Text);
        await AdvanceAsync(LostAfter);

        var status = await FindAsync(one, run);
        Assert.Equal((TaskCommandState.Expired, "expired"), (status.State, status.Text));
        Assert.Equal("no such task on any host", (await FindAsync(one, pause)).Text);
    }

    /// <summary>A sender may give one command to several applications, and none of them must lose it.</summary>
    [Fact]
    public async Task A_command_of_another_application_may_have_the_same_id()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1, "-other"));
        var command = await GiveAsync(one, TaskCommandKind.RunNow);
        await other.Store.AddCommandAsync(command with { By = "Ben" }, default);
        Assert.True(await one.Store.TryTakeCommandAsync(command.Id, one.Id, default));
        Assert.True(await other.Store.TryTakeCommandAsync(command.Id, other.Id, default));
        await one.CompleteAsync(command.Id, "Succeeded");
        Assert.Equal(("Ann", "Succeeded"), await ReadAsync(one));
        Assert.Equal(("Ben", "running"), await ReadAsync(other));

        await other.CompleteAsync(command.Id, "Failed");
        Assert.Equal(("Ann", "Succeeded"), await ReadAsync(one));
        Assert.Equal(("Ben", "Failed"), await ReadAsync(other));
        Assert.Equal(("Ben", "Failed"), Read(Assert.Single((await ReadLogAsync(other, new()))[0].Commands)));

        async Task<(string?, string)> ReadAsync(StoreHost host) => Read(await FindAsync(host, command));

        static (string?, string) Read(TaskCommandStatus status) => (status.Command.By, status.Text);
    }

    /// <summary>The newest is what an operator looks for.</summary>
    [Fact]
    public async Task The_log_of_commands_has_pages_newest_first_and_loses_and_repeats_nothing()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1, "-other"));
        await one.LoadAsync("hourly");
        var given = new List<Guid>();
        for (var n = 0; n < 7; n++)
        {
            given.Add((await GiveAsync(one, TaskCommandKind.Pause)).Id);
            await one.Store.AddCommandAsync(Command(TaskCommandKind.Resume) with { TaskName = "hourly" }, default);
        }
        await GiveAsync(other, TaskCommandKind.Stop);
        await one.CompleteAsync(given[6], "paused");

        var pages = await ReadLogAsync(one, new() { TaskName = "NIGHTLY", PageSize = 3 });
        Assert.Equal([3, 3, 1], pages.Select(page => page.Commands.Count));
        var found = pages.SelectMany(page => page.Commands).ToList();
        Assert.Equal(given.AsEnumerable().Reverse(), found.Select(status => status.Command.Id));
        Assert.Equal("paused", found[0].Text);
        Assert.Equal(14, (await ReadLogAsync(one, new() { PageSize = 5 })).Sum(page => page.Commands.Count));
        Assert.Empty((await one.Store.QueryCommandsAsync(new() { TaskName = "unknown" }, default)).Commands);
        Assert.Null(await other.Store.FindCommandAsync(given[0], default));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await one.Store.QueryCommandsAsync(new() { Cursor = "page 2" }, default));
    }

    private static async Task<List<TaskCommandPage>> ReadLogAsync(StoreHost host, TaskCommandQuery query)
    {
        var pages = new List<TaskCommandPage>();
        for (var page = await host.Store.QueryCommandsAsync(query, default); ;)
        {
            pages.Add(page);
            Assert.True(pages.Count <= 100, "The pages of the log do not end.");
            if (page.Cursor is null)
                return pages;
            page = await host.Store.QueryCommandsAsync(query with { Cursor = page.Cursor }, default);
        }
    }

    private static async Task<TaskCommandStatus> FindAsync(StoreHost host, TaskCommand command) =>
        (await host.Store.FindCommandAsync(command.Id, default))!;

    private static async Task<(TaskCommandState State, Guid? TakenBy)> StateAsync(StoreHost host, TaskCommand command)
    {
        var status = await FindAsync(host, command);
        return (status.State, status.TakenBy);
    }
}
