using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class RememberedKeyTests
{
    private readonly KeyScript _script = new();

    [Fact]
    public async Task Each_slot_of_each_key_is_claimed_and_has_its_outcome_in_the_store()
    {
        await using var hosts = new StoredHosts();
        _script.Failing.Add("b");
        var host = await StartAsync(hosts);

        await host.AdvanceAsync(2.Hours + 1.Minutes);

        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded"], hosts.History("device", "a"));
        Assert.Equal(["01:00 Failed", "02:00 Failed"], hosts.History("device", "b"));
        Assert.Equal(0, SlotsOf(host));
    }

    [Fact]
    public async Task What_came_due_while_no_host_was_running_is_one_record_per_key_and_the_latest_slot_of_each_runs()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Hours);
        hosts.Kill();
        _script.Runs.Clear();

        var next = await StartAsync(hosts, StoredHosts.Start + 6.Hours + 10.Minutes);
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["a 06:00", "b 06:00"], _script.Runs.Order());
        foreach (var key in (string[])["a", "b"])
        {
            Assert.Equal(
                ["01:00 Succeeded", "02:00 Succeeded", "03:00–05:00 Skipped HostDown ×3", "06:00 Succeeded"],
                hosts.History("device", key));
        }
    }

    [Fact]
    public async Task A_cron_of_keys_catches_up_what_lies_within_the_window()
    {
        await using var hosts = new StoredHosts();
        void register(IServiceCollection services) => Register(services).Cron("0 * * * *").SurviveRestarts(3.Hours)
            .OnMissed(MissedSlots.RunAll);
        var host = await hosts.StartAsync(register);
        Keys(host).TryAdd("a");
        await host.AdvanceAsync(1.Hours);
        hosts.Kill();
        _script.Runs.Clear();

        var next = await hosts.StartAsync(register, StoredHosts.Start + 6.Hours + 1.Minutes);
        Keys(next).TryAdd("a");
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["a 04:00", "a 05:00", "a 06:00"], _script.Runs);
        Assert.Equal("02:00–03:00 Skipped HostDown ×2", hosts.History("device", "a")[1]);
    }

    [Fact]
    public async Task A_key_whose_host_was_killed_is_interrupted_and_other_keys_are_not()
    {
        await using var hosts = new StoredHosts();
        _script.Blocked.Add("a");
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(1.Hours);
        hosts.Kill();
        _script.Blocked.Clear();

        var next = await StartAsync(hosts, StoredHosts.Start + 1.Hours + 5.Seconds);
        await next.AdvanceAsync(1.Hours);

        Assert.Equal(["01:00 Interrupted HostLost", "02:00 Succeeded"], hosts.History("device", "a"));
        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded"], hosts.History("device", "b"));
    }

    [Fact]
    public async Task Of_two_hosts_one_runs_each_slot_of_a_key()
    {
        await using var hosts = new StoredHosts();
        var one = await StartAsync(hosts);
        var other = await StartAsync(hosts);

        for (var hour = 0; hour < 3; hour++)
        {
            await one.AdvanceAsync(1.Hours);
            await other.AdvanceAsync(1.Hours);
        }

        Assert.Equal((3, 3), (_script.Count("a"), _script.Count("b")));
        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded", "03:00 Succeeded"], hosts.History("device", "a"));
        Assert.Equal(6, hosts.Entries("device").Length);
        Assert.Equal((0, 0), (SlotsOf(one), SlotsOf(other)));
    }

    [Fact]
    public async Task A_key_that_is_added_late_goes_on_after_its_last_slot()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Hours);
        hosts.Kill();
        var next = await StartAsync(hosts, StoredHosts.Start + 4.Hours, keys: ["b"]);
        await next.AdvanceAsync(2.Hours + 10.Minutes);
        _script.Runs.Clear();

        Keys(next).TryAdd("a");
        Keys(next).TryAdd("new");
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["a 06:00"], _script.Runs);
        Assert.Equal(["03:00–05:00 Skipped HostDown ×3", "06:00 Succeeded"], hosts.History("device", "a")[2..]);
        Assert.Empty(hosts.History("device", "new"));
    }

    [Fact]
    public async Task A_key_that_is_controlled_before_the_store_answers_goes_on_after_its_last_slot()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = _ => isDown ? StoreCut.Fail : StoreCut.None;
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Hours);
        hosts.Kill();
        _script.Runs.Clear();
        isDown = true;
        var next = await StartAsync(hosts, StoredHosts.Start + 4.Hours);
        await Keys(next).Find("a")!.ChangeAsync(Keys(next).Find("a")!.Options);
        await next.AdvanceAsync(1.Minutes);
        Assert.Empty(_script.Runs);

        isDown = false;
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["a 04:00", "b 04:00"], _script.Runs.Order());
        Assert.Equal(["03:00 Skipped HostDown", "04:00 Succeeded"], hosts.History("device", "a")[2..]);
        Assert.Equal(["03:00 Skipped HostDown", "04:00 Succeeded"], hosts.History("device", "b")[2..]);
    }

    [Fact]
    public async Task A_key_that_is_removed_while_its_slot_is_claimed_is_interrupted_once()
    {
        await using var hosts = new StoredHosts();
        _script.Blocked.Add("a");
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(1.Hours);
        Keys(host).TryRemove("a");
        await host.AdvanceAsync(1.Minutes);
        _script.Blocked.Clear();
        Keys(host).TryAdd("a");
        await host.AdvanceAsync(1.Hours);

        Assert.Equal(["01:00 Interrupted Removed", "02:00 Succeeded"], hosts.History("device", "a"));
        Assert.Equal(0, SlotsOf(host));
    }

    [Fact]
    public async Task A_paused_key_records_what_it_has_missed_as_paused()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(1.Hours);
        await Keys(host).Find("a")!.PauseAsync("release");
        hosts.Kill();

        var next = await StartAsync(hosts, StoredHosts.Start + 4.Hours);
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["01:00 Succeeded", "02:00–04:00 Skipped Paused ×3"], hosts.History("device", "a"));
    }

    [Fact]
    public async Task A_stopped_host_leaves_the_slots_of_keys_that_it_did_not_start_to_the_next_one()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(1.Hours);
        await host.SleepAsync(59.Minutes + 59.Seconds);
        await host.StopAsync();

        var next = await StartAsync(hosts, StoredHosts.Start + 2.Hours + 1.Minutes);
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded"], hosts.History("device", "a"));
    }

    [Fact]
    public async Task While_the_store_is_down_slots_of_keys_fail_and_their_outcomes_are_stored_later()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = _ => isDown ? StoreCut.Fail : StoreCut.None;
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(1.Hours);
        isDown = true;
        await host.AdvanceAsync(1.Hours);
        isDown = false;
        await host.AdvanceAsync(1.Hours);

        Assert.Equal((2, 2), (_script.Count("a"), _script.Count("b")));
        Assert.Equal(["01:00 Succeeded", "02:00 Failed", "03:00 Succeeded"], hosts.History("device", "a"));
        Assert.Equal(0, SlotsOf(host));
    }

    [Fact]
    public async Task Of_two_keys_with_the_same_text_one_claims_its_slots_and_the_other_fails_with_a_sentence()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => services.AddSingleton(_script)
            .AddRecurringTask<ScriptedKey<OddKey>, OddKey>("odd").Every(1.Hours).SurviveRestarts(30.Minutes));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<OddKey>, OddKey>>();
        keys.TryAdd(new(1, () => "same"));
        keys.TryAdd(new(2, () => "same"));
        await host.AdvanceAsync(2.Hours);

        Assert.Equal(2, _script.Count("same"));
        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded"], hosts.History("odd", "same"));
        var failed = Assert.Single(keys.FindFailing(10));
        Assert.Contains("does not identify it", failed.LastError, StringComparison.Ordinal);
        Assert.Single(host.Observer.Events, one => one.FaultKind is FaultKind.KeyNotStored);
    }

    [Fact]
    public async Task A_schedule_per_key_cannot_be_remembered()
    {
        await using var hosts = new StoredHosts();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => hosts.StartAsync(services => Register(services)
            .Cron(_ => "0 * * * *", _ => null).SurviveRestarts(1.Hours)));

        Assert.Contains("is not available with a schedule per key", error.Message, StringComparison.Ordinal);
    }

    private static int SlotsOf(VirtualHost host) => host.Services.GetRequiredService<StoreAccess>().Session!.Slots.Count;

    private static IRecurringTaskKeys<ScriptedKey<string>, string> Keys(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<string>, string>>();

    private IRecurringTaskBuilder<string> Register(IServiceCollection services) =>
        services.AddSingleton(_script).AddRecurringTask<ScriptedKey<string>, string>("device");

    private async Task<VirtualHost> StartAsync(StoredHosts hosts, DateTimeOffset? at = null, string[]? keys = null)
    {
        var host = await hosts.StartAsync(services => Register(services).Every(1.Hours).SurviveRestarts(30.Minutes), at);
        foreach (var key in keys ?? ["a", "b"])
            Keys(host).TryAdd(key);
        return host;
    }
}
