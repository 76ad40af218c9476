using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class StoredKeyTests
{
    private readonly KeyScript _script = new();

    [Fact]
    public async Task A_paused_key_is_still_paused_after_a_restart_with_all_that_is_known_of_the_pause()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await Find(host, "a").PauseAsync("release", "Ann");
        hosts.Kill();

        var next = await StartAsync(hosts, host.Now + 1.Hours);
        var before = _script.Count("a");
        await next.AdvanceAsync(10.Minutes);

        var expected = new TaskPause { Reason = "release", By = "Ann", Since = StoredHosts.Start };
        Assert.Equal((RecurringTaskState.Paused, expected), (Find(next, "a").State, Find(next, "a").Snapshot().Pause));
        Assert.Equal("release", Assert.Single(Keys(next).FindPaused(10)).StateReason);
        Assert.Equal(before, _script.Count("a"));
        Assert.Equal(RecurringTaskState.Waiting, Find(next, "b").State);

        Find(next, "a").Resume();
        await next.AdvanceAsync(2.Minutes);
        Assert.True(_script.Count("a") > before);
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task A_pause_of_a_key_until_a_time_ends_at_this_time_also_after_a_restart()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await Find(host, "a").PauseAsync("release", until: host.Now + 30.Minutes);
        await Find(host, "b").PauseAsync("release", until: host.Now + 5.Minutes);
        hosts.Kill();

        var next = await StartAsync(hosts, host.Now + 10.Minutes);
        await next.AdvanceAsync(19.Minutes);
        Assert.Equal((RecurringTaskState.Paused, RecurringTaskState.Waiting), (Find(next, "a").State, Find(next, "b").State));

        await next.AdvanceAsync(3.Minutes);
        Assert.Equal(RecurringTaskState.Waiting, Find(next, "a").State);
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task A_key_that_is_added_late_is_restored_before_it_runs()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await Find(host, "a").PauseAsync("release");
        hosts.Kill();
        var next = await StartAsync(hosts, host.Now + 1.Hours, keys: []);
        await next.AdvanceAsync(1.Days);
        _script.Runs.Clear();

        Keys(next).TryAdd("a");
        Keys(next).TryAdd("b");
        await next.AdvanceAsync(5.Minutes);

        Assert.Equal(RecurringTaskState.Paused, Find(next, "a").State);
        Assert.Equal((0, true), (_script.Count("a"), _script.Count("b") > 0));
    }

    [Fact]
    public async Task A_failing_key_goes_on_with_its_failures_and_its_back_off()
    {
        await using var hosts = new StoredHosts();
        _script.Failing.Add("a");
        void configure(IRecurringTaskBuilder task) => task.BackOff(initial: 10.Minutes, max: 1.Hours, factor: 2, jitter: 0);
        var host = await StartAsync(hosts, configure: configure);
        await host.AdvanceAsync(12.Minutes); // failures at 0 and 10
        hosts.Kill();
        _script.Runs.Clear();

        var next = await StartAsync(hosts, host.Now, configure: configure);
        var failures = Find(next, "a").Snapshot().ConsecutiveFailures;
        await next.AdvanceAsync(15.Minutes);
        Assert.Equal((2, 0), (failures, _script.Count("a")));
        Assert.Equal(IterationOutcome.Failed, Find(next, "a").Snapshot().LastOutcome);

        await next.AdvanceAsync(5.Minutes);
        Assert.Equal((1, 3), (_script.Count("a"), Row(hosts, "a")?.ConsecutiveFailures));
        _script.Failing.Clear();
        await next.AdvanceAsync(45.Minutes);
        Assert.Null(Row(hosts, "a"));
        Assert.Null(Row(hosts, "b"));
    }

    [Fact]
    public async Task A_key_that_was_paused_after_failures_stays_paused_and_resumes_by_hand()
    {
        await using var hosts = new StoredHosts();
        _script.Failing.Add("a");
        static void configure(IRecurringTaskBuilder task) => task.PauseAfterFailures(2);
        var host = await StartAsync(hosts, configure: configure);
        await host.AdvanceAsync(5.Minutes);
        Assert.Equal("2 failures in a row.", Row(hosts, "a")?.Pause?.Reason);
        hosts.Kill();
        _script.Runs.Clear();

        var next = await StartAsync(hosts, host.Now + 1.Hours, configure: configure);
        await next.AdvanceAsync(5.Minutes);
        Assert.Equal((RecurringTaskState.Paused, 0), (Find(next, "a").State, _script.Count("a")));
        Assert.Equal("2 failures in a row.", Find(next, "a").Snapshot().StateReason);

        _script.Failing.Clear();
        Find(next, "a").Resume();
        await next.AdvanceAsync(2.Minutes);
        Assert.Equal(RecurringTaskState.Waiting, Find(next, "a").State);
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task The_end_of_a_key_is_stored_with_its_reason_until_a_host_begins_it_again()
    {
        await using var hosts = new StoredHosts();
        _script.Ending.Add("a");
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Seconds);
        Assert.Equal((LoopEnd.StoppedByStep, "all is done"), (Row(hosts, "a")?.End, Row(hosts, "a")?.EndReason));
        hosts.Kill();

        _script.Ending.Clear();
        var next = await StartAsync(hosts, host.Now + 1.Hours);
        await next.AdvanceAsync(2.Seconds);

        Assert.Equal(RecurringTaskState.Waiting, Find(next, "a").State);
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task A_key_that_is_started_again_by_hand_has_not_ended_any_more()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        Find(host, "a").Stop("no longer needed");
        await host.AdvanceAsync(2.Seconds);
        Assert.Equal((LoopEnd.Stopped, "no longer needed"), (Row(hosts, "a")?.End, Row(hosts, "a")?.EndReason));

        Find(host, "a").Start();
        await host.AdvanceAsync(2.Seconds);
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task A_task_that_has_ended_by_failures_begins_again_without_them()
    {
        await using var hosts = new StoredHosts();
        static void register(IServiceCollection services) => services
            .AddRecurringTask("poll", (Iteration _, CancellationToken _) => throw new InvalidOperationException("bad"))
            .Every(1.Minutes).StopAfterFailures(3);
        var host = await hosts.StartAsync(register);
        await host.AdvanceAsync(10.Minutes);
        var ended = hosts.Database.Read("app", stored => stored.FindTask("poll")!.FindLoop(null)!.State);
        Assert.Equal((LoopEnd.Failures, "3 failures in a row."), (ended.End, ended.EndReason));
        hosts.Kill();

        var next = await hosts.StartAsync(register, host.Now + 1.Hours);
        await next.AdvanceAsync(90.Seconds);

        Assert.Equal((RecurringTaskState.Waiting, 2), (next["poll"].State, next["poll"].Snapshot().ConsecutiveFailures));
        Assert.Null(hosts.Database.Read("app", stored => stored.FindTask("poll")!.FindLoop(null)!.State.End));
    }

    [Fact]
    public async Task The_pause_of_a_key_on_one_host_reaches_all_hosts_that_have_it_or_get_it_later()
    {
        await using var hosts = new StoredHosts();
        var one = await StartAsync(hosts);
        var other = await StartAsync(hosts);
        var third = await StartAsync(hosts, keys: []);
        await third.AdvanceAsync(6.Seconds);

        await Find(one, "a").PauseAsync("release", "Ann");
        await other.AdvanceAsync(12.Seconds);
        await third.AdvanceAsync(6.Seconds);
        Keys(third).TryAdd("a");
        Assert.Equal("Ann", Find(other, "a").Snapshot().Pause?.By);
        Assert.Equal("Ann", Find(third, "a").Snapshot().Pause?.By);

        Find(other, "a").Resume();
        await other.AdvanceAsync(1.Seconds);
        await one.AdvanceAsync(12.Seconds);
        await third.AdvanceAsync(6.Seconds);
        Assert.Equal(
            (RecurringTaskState.Waiting, RecurringTaskState.Waiting), (Find(one, "a").State, Find(third, "a").State));
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task A_key_that_was_resumed_elsewhere_before_it_is_added_is_not_paused()
    {
        await using var hosts = new StoredHosts();
        var one = await StartAsync(hosts);
        await Find(one, "a").PauseAsync("release");
        var other = await StartAsync(hosts, keys: []);
        await other.AdvanceAsync(6.Seconds);

        await OperatorAsync(hosts, TaskCommandKind.Resume);
        await other.AdvanceAsync(6.Seconds);
        Keys(other).TryAdd("a");

        Assert.Equal(RecurringTaskState.Waiting, Find(other, "a").State);
    }

    [Fact]
    public async Task Commands_of_an_operator_are_executed_for_one_key()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(1.Seconds);
        foreach (var (kind, state) in new[]
        {
            (TaskCommandKind.Pause, RecurringTaskState.Paused),
            (TaskCommandKind.Resume, RecurringTaskState.Waiting),
            (TaskCommandKind.Stop, RecurringTaskState.Ended),
            (TaskCommandKind.Start, RecurringTaskState.Waiting),
        })
        {
            await OperatorAsync(hosts, kind);
            await host.AdvanceAsync(6.Seconds);
            Assert.Equal((state, RecurringTaskState.Waiting), (Find(host, "a").State, Find(host, "b").State));
        }

        var before = _script.Count("a");
        await OperatorAsync(hosts, TaskCommandKind.RunNow);
        await host.AdvanceAsync(6.Seconds);
        Assert.Equal(before + 1, _script.Count("a"));
    }

    [Fact]
    public async Task A_paused_key_that_is_removed_and_added_again_is_still_paused()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await Find(host, "a").PauseAsync("release");
        Keys(host).TryRemove("a");
        await host.AdvanceAsync(10.Seconds);
        Assert.NotNull(Row(hosts, "a")?.Pause);
        Keys(host).TryAdd("a");
        await host.AdvanceAsync(10.Seconds);

        Assert.Equal((RecurringTaskState.Paused, "release"), (Find(host, "a").State, Find(host, "a").Snapshot().StateReason));
        Find(host, "a").Resume();
        await host.AdvanceAsync(2.Seconds);
        Assert.Equal(RecurringTaskState.Waiting, Find(host, "a").State);
        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task The_row_of_a_failing_key_that_is_removed_is_forgotten()
    {
        await using var hosts = new StoredHosts();
        _script.Failing.Add("a");
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Seconds);
        Assert.NotNull(Row(hosts, "a"));

        Keys(host).TryRemove("a");
        await host.AdvanceAsync(2.Seconds);

        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task Failures_that_a_resumption_of_the_whole_task_has_reset_are_forgotten_with_the_next_success()
    {
        await using var hosts = new StoredHosts();
        _script.Failing.Add("a");
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Seconds);
        Keys(host).Pause();
        Keys(host).Resume();
        _script.Failing.Clear();
        await host.AdvanceAsync(2.Minutes);

        Assert.Null(Row(hosts, "a"));
    }

    [Fact]
    public async Task A_pause_of_a_key_takes_effect_when_the_store_answers_only_after_the_schedules_have_begun()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = _ => isDown ? StoreCut.Fail : StoreCut.None;
        var host = await StartAsync(hosts);
        await Find(host, "a").PauseAsync("release");
        hosts.Kill();
        isDown = true;
        var next = await StartAsync(hosts, host.Now + 1.Hours);
        await next.AdvanceAsync(2.Minutes);
        Assert.NotEqual(RecurringTaskState.Paused, Find(next, "a").State);

        isDown = false;
        await next.AdvanceAsync(1.Minutes);
        var before = _script.Count("a");
        await next.AdvanceAsync(3.Minutes);

        Assert.Equal((RecurringTaskState.Paused, before), (Find(next, "a").State, _script.Count("a")));
        Assert.Equal(RecurringTaskState.Waiting, Find(next, "b").State);
    }

    private static IRecurringTaskKeys<ScriptedKey<string>, string> Keys(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<string>, string>>();

    private static RecurringTaskHandle Find(VirtualHost host, string key) => Keys(host).Find(key)!;

    private static StoredLoop? Row(StoredHosts hosts, string key) =>
        hosts.Database.Read("app", stored => stored.FindTask("device")?.FindLoop(key)?.State);

    private static Task OperatorAsync(StoredHosts hosts, TaskCommandKind kind)
    {
        var command = new TaskCommand { Id = Guid.NewGuid(), TaskName = "device", Key = "a", Kind = kind, By = "Ann" };
        return hosts.OperatorAsync(async store => await store.AddCommandAsync(command, default));
    }

    private async Task<VirtualHost> StartAsync(
        StoredHosts hosts, DateTimeOffset? at = null, string[]? keys = null, Action<IRecurringTaskBuilder>? configure = null)
    {
        var host = await hosts.StartAsync(
            services =>
            {
                services.AddSingleton(_script);
                var task = services.AddRecurringTask<ScriptedKey<string>, string>("device").Every(1.Minutes);
                configure?.Invoke(task);
            },
            at);
        foreach (var key in keys ?? ["a", "b"])
            Keys(host).TryAdd(key);
        return host;
    }
}
