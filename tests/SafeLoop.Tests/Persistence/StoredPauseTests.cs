using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

public class StoredPauseTests
{
    [Fact]
    public async Task A_pause_says_why_by_whom_since_and_until_when_and_ends_by_itself()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        var until = host.Now + 5.Minutes;

        await host["poll"].PauseAsync("release", "Ann", until);

        Assert.Equal(
            new TaskPause { Reason = "release", By = "Ann", Since = StoredHosts.Start, Until = until },
            host["poll"].Snapshot().Pause);
        await host.AdvanceAsync(4.Minutes);
        Assert.Equal(RecurringTaskState.Paused, host["poll"].State);
        await host.AdvanceAsync(2.Minutes);
        Assert.Equal(RecurringTaskState.Waiting, host["poll"].State);
        Assert.Null(host["poll"].Snapshot().Pause);
    }

    [Fact]
    public async Task A_pause_outlives_its_host_and_so_do_counts_and_failures()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await host.AdvanceAsync(3.Minutes);
        host["poll"].Pause("release");
        await host.AdvanceAsync(2.Seconds);
        hosts.Kill();

        var next = await hosts.StartAsync(Register, host.Now + 1.Hours);
        await next.AdvanceAsync(10.Minutes);

        var snapshot = next["poll"].Snapshot();
        Assert.Equal((RecurringTaskState.Paused, "release"), (snapshot.State, snapshot.StateReason));
        Assert.Equal((4, 4), (snapshot.Failed, snapshot.ConsecutiveFailures));
    }

    [Fact]
    public async Task A_pause_whose_time_has_passed_while_no_host_was_running_is_over()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await host["poll"].PauseAsync("release", until: host.Now + 5.Minutes);
        hosts.Kill();

        var next = await hosts.StartAsync(Register, host.Now + 1.Hours);

        Assert.Equal(RecurringTaskState.Waiting, next["poll"].State);
    }

    [Fact]
    public async Task Commands_of_an_operator_reach_every_host_and_one_of_them_runs_the_task()
    {
        await using var hosts = new StoredHosts();
        var one = await hosts.StartAsync(Register);
        var other = await hosts.StartAsync(Register);

        await GiveAsync(hosts, TaskCommandKind.Pause);
        await one.AdvanceAsync(6.Seconds);
        await other.AdvanceAsync(6.Seconds);
        Assert.Equal((RecurringTaskState.Paused, RecurringTaskState.Paused), (one["poll"].State, other["poll"].State));

        await GiveAsync(hosts, TaskCommandKind.Resume);
        await GiveAsync(hosts, TaskCommandKind.RunNow);
        await one.AdvanceAsync(6.Seconds);
        await other.AdvanceAsync(6.Seconds);
        Assert.Equal((RecurringTaskState.Waiting, RecurringTaskState.Waiting), (one["poll"].State, other["poll"].State));
        Assert.Single(one["poll"].History.Concat(other["poll"].History), record => record.IsManual);
    }

    [Fact]
    public async Task A_pause_on_one_host_pauses_the_others()
    {
        await using var hosts = new StoredHosts();
        var one = await hosts.StartAsync(Register);
        var other = await hosts.StartAsync(Register);

        await one["poll"].PauseAsync("release", "Ann");
        await other.AdvanceAsync(6.Seconds);
        Assert.Equal("Ann", other["poll"].Snapshot().Pause?.By);

        other["poll"].Resume();
        await other.AdvanceAsync(1.Seconds);
        await one.AdvanceAsync(6.Seconds);
        Assert.Equal(RecurringTaskState.Waiting, one["poll"].State);
    }

    [Fact]
    public async Task A_pause_of_a_keyed_task_as_a_whole_outlives_its_host()
    {
        await using var hosts = new StoredHosts();
        static void register(IServiceCollection services) => services.AddRecurringTask<IdleKey, int>().Every(1.Minutes);
        var host = await hosts.StartAsync(register);
        await host["idleKey"].PauseAsync("release", "Ann");
        hosts.Kill();

        var next = await hosts.StartAsync(register, host.Now + 1.Hours);

        Assert.Equal("Ann", next["idleKey"].Snapshot().Pause?.By);
        next["idleKey"].Resume();
        Assert.Null(next["idleKey"].Snapshot().Pause);
    }

    [Fact]
    public async Task A_pause_takes_effect_when_the_store_answers_only_after_the_schedules_have_begun()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = _ => isDown ? StoreCut.Fail : StoreCut.None;
        var host = await hosts.StartAsync(Register);
        await host["poll"].PauseAsync("release");
        hosts.Kill();
        isDown = true;
        var next = await hosts.StartAsync(Register, host.Now + 1.Hours);
        await next.AdvanceAsync(2.Minutes);
        Assert.NotEqual(RecurringTaskState.Paused, next["poll"].State);

        isDown = false;
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(RecurringTaskState.Paused, next["poll"].State);
    }

    private static async Task GiveAsync(StoredHosts hosts, TaskCommandKind kind)
    {
        var command = new TaskCommand { Id = Guid.NewGuid(), TaskName = "poll", Kind = kind, By = "Ann" };
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(command, default));
    }

    private static void Register(IServiceCollection services) => services
        .AddRecurringTask("poll", (Iteration _, CancellationToken _) => throw new InvalidOperationException("bad"))
        .Every(1.Minutes);
}
