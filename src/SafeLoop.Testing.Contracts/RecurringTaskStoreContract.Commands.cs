using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Commands: given to any host, executed by all or by one, and never forgotten.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>The table of commands is the audit log: who, what, why and when.</summary>
    [Fact]
    public async Task Every_host_receives_a_command_with_all_its_properties()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var command = new TaskCommand
        {
            Id = Guid.NewGuid(),
            TaskName = StoreHost.Nightly,
            Key = "a",
            Kind = TaskCommandKind.Stop,
            Reason = "release",
            By = "Ann",
            Until = Slot(5).AddMicroseconds(1),
            ExpiresAfter = TimeSpan.FromMinutes(3),
            Instance = one.Id,
        };
        var before = (await other.SendHeartbeatAsync()).Now;
        await one.Store.AddCommandAsync(command, default);
        var heartbeat = await other.SendHeartbeatAsync();

        var given = Assert.Single(heartbeat.Commands);
        Assert.Equal(command with { Number = given.Number, Sent = given.Sent }, given);
        Assert.InRange(given.Sent, before, heartbeat.Now); // on the clock of the database
        Assert.True(given.Number > 0);
        Assert.Equal(given, Assert.Single((await one.SendHeartbeatAsync()).Commands));
    }

    /// <summary>All hosts execute them in the same order.</summary>
    [Fact]
    public async Task Commands_come_in_the_order_in_which_they_were_sent_and_only_those_after_the_last_one_known()
    {
        var hosts = await StartAllAsync(3);
        var commands = Enumerable.Range(0, 9).Select(n => Command(n % 2 == 0 ? TaskCommandKind.Pause : TaskCommandKind.Resume))
            .ToList();
        foreach (var (n, command) in commands.Index())
            await hosts[n % 3].Store.AddCommandAsync(command, default);

        var given = (await hosts[2].SendHeartbeatAsync()).Commands;
        Assert.Equal(commands.Select(command => command.Id), given.Select(command => command.Id));
        Assert.Equal(given.Select(command => command.Number).Distinct().Order(), given.Select(command => command.Number));
        Assert.Equal(given.Skip(4), (await hosts[1].SendHeartbeatAsync(given[3].Number)).Commands);
        Assert.Empty((await hosts[1].SendHeartbeatAsync(given[8].Number)).Commands);
    }

    /// <summary>A host that starts later loads the pause, and need not know the commands of the time before.</summary>
    [Fact]
    public async Task A_pause_or_resumption_of_a_task_also_changes_what_is_stored()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await one.LoadAsync("hourly");
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop() with { LastSlot = Slot(1), ConsecutiveFailures = 2 } });
        var pause = Command(TaskCommandKind.Pause) with { Reason = "release", Until = Slot(9) };
        await one.Store.AddCommandAsync(pause, default);

        var paused = (await other.FindAsync())!;
        var given = Assert.Single((await other.SendHeartbeatAsync()).Commands).Sent;
        Assert.Equal(new TaskPause { Reason = "release", By = "Ann", Since = given, Until = Slot(9) }, paused.Pause);
        Assert.Equal((Slot(1), 2), (paused.LastSlot!.Value, paused.ConsecutiveFailures));
        Assert.Null((await other.FindAsync(task: "hourly"))!.Pause);
        foreach (var kind in (TaskCommandKind[])[TaskCommandKind.RunNow, TaskCommandKind.Stop, TaskCommandKind.Start])
            await GiveAsync(other, kind);
        Assert.Equal(paused.Pause, (await one.FindAsync())!.Pause);

        await GiveAsync(other, TaskCommandKind.Resume);
        await one.Store.AddCommandAsync(pause, default); // again, because its answer was lost
        Assert.Equal(paused with { Pause = null }, await one.FindAsync());
    }

    /// <summary>A reason is optional.</summary>
    [Fact]
    public async Task A_pause_without_a_reason_is_a_pause()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        await GiveAsync(one, TaskCommandKind.Pause);

        Assert.NotEmpty((await other.FindAsync())!.Pause!.Reason);
    }

    /// <summary>The answer may be lost.</summary>
    [Fact]
    public async Task A_command_that_is_added_again_is_added_once()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var command = Command(TaskCommandKind.Pause);
        await one.Store.AddCommandAsync(command, default);
        var given = Assert.Single((await one.SendHeartbeatAsync()).Commands);
        await one.Store.AddCommandAsync(command, default);
        await RaceAsync([one, other, one, other], async host =>
        {
            await host.Store.AddCommandAsync(command, default);
            return true;
        });

        Assert.Equal(given, Assert.Single((await other.SendHeartbeatAsync()).Commands));
    }

    /// <summary>A host that follows would skip a number that is assigned before its command is visible.</summary>
    [Fact]
    public async Task A_host_that_follows_sees_every_command_while_many_are_added_at_once()
    {
        var (reader, hosts) = (await StartAsync(8), await StartAllAsync(6));
        var adding = RaceAsync(hosts, async host =>
        {
            for (var n = 0; n < 20; n++)
            {
                var command = Command(TaskCommandKind.Pause);
                await InsistAsync(async () =>
                {
                    await host.Store.AddCommandAsync(command, default);
                    return true;
                });
            }
            return true;
        });

        var (seen, last) = (new List<Guid>(), 0L);
        for (var isOver = false; !isOver;)
        {
            isOver = adding.IsCompleted; // read before, so that the last round sees everything
            foreach (var command in (await InsistAsync(() => reader.SendHeartbeatAsync(last))).Commands)
            {
                seen.Add(command.Id);
                last = command.Number;
            }
            await Task.Yield();
        }
        await adding;

        Assert.Equal(120, seen.Count);
        Assert.Equal(120, seen.Distinct().Count());
    }

    /// <summary>A run by hand is one run.</summary>
    [Fact]
    public async Task A_command_is_taken_by_one_of_sixteen_hosts_and_stays_its_own()
    {
        var hosts = await StartAllAsync(16);
        var command = await GiveAsync(hosts[0], TaskCommandKind.RunNow);
        var taken = await RaceAsync(hosts, host => host.Store.TryTakeCommandAsync(command.Id, host.Id, default));
        Assert.Single(taken, won => won);

        foreach (var (host, won) in hosts.Zip(taken))
            Assert.Equal(won, await host.Store.TryTakeCommandAsync(command.Id, host.Id, default)); // the answer was lost
    }

    /// <summary>A run that was requested an hour ago is not wanted any more.</summary>
    [Fact]
    public async Task A_command_for_one_host_expires_on_the_clock_of_the_database_and_one_for_all_does_not()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1));
        var (fresh, old) = (LostAfter * 100, LostAfter / 2);
        var taken = await GiveAsync(one, TaskCommandKind.RunNow, old);
        Assert.True(await one.Store.TryTakeCommandAsync(taken.Id, one.Id, default));
        var expired = await GiveAsync(one, TaskCommandKind.RunNow, old);
        var waiting = await GiveAsync(one, TaskCommandKind.RunNow, fresh);
        var pause = await GiveAsync(one, TaskCommandKind.Pause, old);
        await AdvanceAsync(LostAfter);

        Assert.False(await other.Store.TryTakeCommandAsync(expired.Id, other.Id, default));
        Assert.True(await one.Store.TryTakeCommandAsync(taken.Id, one.Id, default)); // it was in time
        var commands = (await other.SendHeartbeatAsync()).Commands.Select(command => command.Id).ToList();
        Assert.DoesNotContain(expired.Id, commands);
        Assert.Contains(pause.Id, commands);
        Assert.Contains(waiting.Id, commands);
        Assert.True(await other.Store.TryTakeCommandAsync(waiting.Id, other.Id, default));
    }

    /// <summary>What does not exist, no host executes.</summary>
    [Fact]
    public async Task An_unknown_command_cannot_be_taken()
    {
        var host = await StartAsync();

        Assert.False(await host.Store.TryTakeCommandAsync(Guid.NewGuid(), host.Id, default));
    }

    private static TaskCommand Command(TaskCommandKind kind, TimeSpan? expiresAfter = null) => new()
    {
        Id = Guid.NewGuid(),
        TaskName = StoreHost.Nightly,
        Kind = kind,
        By = "Ann",
        ExpiresAfter = expiresAfter ?? TimeSpan.FromHours(1),
    };

    private static async Task<TaskCommand> GiveAsync(StoreHost host, TaskCommandKind kind, TimeSpan? expiresAfter = null)
    {
        var command = Command(kind, expiresAfter);
        await host.Store.AddCommandAsync(command, default);
        return command;
    }
}
