using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

/// <summary>Commands of a host without a store, and commands that are refused.</summary>
public sealed class LocalCommandTests : IDisposable
{
    private readonly List<string> _runs = [];
    private readonly LoopHost _host;

    public LocalCommandTests() => _host = LoopHost.Run(services =>
    {
        services.AddRecurringTask("poll", (Iteration iteration, CancellationToken _) =>
        {
            _runs.Add($"{iteration.Slot:HH:mm:ss}");
            return ValueTask.CompletedTask;
        }).Every(1.Minutes);
        services.AddRecurringTask<IdleKey, int>().Every(1.Minutes);
    });

    private IRecurringTaskCommands Commands => _host.Services.GetRequiredService<IRecurringTaskCommands>();

    [Fact]
    public async Task A_command_is_executed_on_this_host()
    {
        var pause = Command(TaskCommandKind.Pause) with { Reason = "release", By = "Ann" };
        await Commands.SendAsync(pause);

        Assert.Equal("Ann", _host["poll"].Snapshot().Pause?.By);
        Assert.Equal("paused", (await Commands.FindAsync(pause.Id))!.Text);
        var run = Command(TaskCommandKind.RunNow);
        await Commands.SendAsync(run);
        await Commands.SendAsync(run);
        Assert.Equal("Succeeded", (await EndAsync(run)).Text);
        Assert.Equal(2, _runs.Count);
        Assert.Null(await Commands.FindAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task A_key_is_paused_run_and_resumed_by_its_text()
    {
        var keys = _host.Services.GetRequiredService<IRecurringTaskKeys<IdleKey, int>>();
        keys.TryAdd(7);
        _host.Settle();
        var name = _host.Tasks.All.Single(task => task.Name != "poll").Name;
        foreach (var kind in (TaskCommandKind[])[TaskCommandKind.Pause, TaskCommandKind.RunNow, TaskCommandKind.Resume])
        {
            var command = Command(kind) with { TaskName = name, Key = "7" };
            await Commands.SendAsync(command);
            Assert.Equal(TaskCommandState.Completed, (await EndAsync(command)).State);
            Assert.Equal(kind is not TaskCommandKind.Resume, keys.Find(7)!.Snapshot().Pause is not null);
        }
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(
            () => Commands.SendAsync(Command(TaskCommandKind.Pause) with { TaskName = name, Key = "8" }));
        Assert.Contains("has no key '8'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_has_pages_newest_first()
    {
        var ids = new List<Guid>();
        for (var n = 0; n < 5; n++)
        {
            var command = Command(n % 2 == 0 ? TaskCommandKind.Pause : TaskCommandKind.Resume);
            ids.Add(command.Id);
            await Commands.SendAsync(command);
        }
        var first = await Commands.QueryAsync(new() { TaskName = "POLL", PageSize = 3 });
        var last = await Commands.QueryAsync(new() { TaskName = "POLL", PageSize = 3, Cursor = first.Cursor });

        Assert.Equal(ids.AsEnumerable().Reverse(), first.Commands.Concat(last.Commands).Select(status => status.Command.Id));
        Assert.Null(last.Cursor);
        Assert.Empty((await Commands.QueryAsync(new() { TaskName = "other" })).Commands);
        await Assert.ThrowsAsync<ArgumentException>(() => Commands.QueryAsync(new() { PageSize = 0 }));
        await Assert.ThrowsAsync<ArgumentException>(() => Commands.QueryAsync(new() { Cursor = "x" }));
    }

    [Fact]
    public async Task An_invalid_command_is_an_exception_that_says_what_to_change()
    {
        (TaskCommand Command, string Text)[] cases =
        [
            (Command(TaskCommandKind.Pause) with { TaskName = " " }, "TaskName is empty"),
            (Command((TaskCommandKind)99), "Kind 99 of the command for task 'poll' does not exist"),
            (Command(TaskCommandKind.Pause) with { Id = Guid.Empty }, "Set it to a new Guid"),
            (Command(TaskCommandKind.Pause) with { Reason = new('x', 1001) }, "has 1,001 characters; at most 1,000"),
            (Command(TaskCommandKind.Pause) with { By = new('x', 201) }, "By of the command for task 'poll'"),
            (Command(TaskCommandKind.RunNow) with { ExpiresAfter = TimeSpan.Zero }, "ExpiresAfter must be more than zero"),
            (Command(TaskCommandKind.RunNow) with { ExpiresAfter = TimeSpan.FromDays(8) }, "at most 7 days"),
            (Command(TaskCommandKind.Pause) with { Until = LoopHost.Start.AddDays(-1) }, "is past in the pause of task 'poll'"),
            (Command(TaskCommandKind.RunNow) with { Until = LoopHost.Start.AddDays(1) }, "Until is the end of a pause"),
            (Command(TaskCommandKind.Pause) with { Key = "7" }, "has no keys, but the command names the key '7'"),
            (Command(TaskCommandKind.RunNow) with { TaskName = "idleKey" }, "RunNow needs one loop. Set Key"),
        ];
        foreach (var (command, text) in cases)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => Commands.SendAsync(command));
            Assert.Contains(text, error.Message, StringComparison.Ordinal);
        }
        var unknown = await Assert.ThrowsAsync<KeyNotFoundException>(
            () => Commands.SendAsync(Command(TaskCommandKind.Pause) with { TaskName = "pol" }));
        Assert.Equal("There is no recurring task named 'pol', did you mean 'poll'?", unknown.Message);
    }

    public void Dispose() => _host.Dispose();

    // The result is set on a thread of the pool, after the run.
    private async Task<TaskCommandStatus> EndAsync(TaskCommand command)
    {
        while (true)
        {
            _host.Settle();
            if (await Commands.FindAsync(command.Id) is { State: not TaskCommandState.Running } status)
                return status;
            await Task.Yield();
        }
    }

    private static TaskCommand Command(TaskCommandKind kind) => new() { TaskName = "poll", Kind = kind };
}
