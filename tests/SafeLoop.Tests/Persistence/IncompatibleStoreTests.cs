using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

public class IncompatibleStoreTests
{
    private const string Sentence = "The tables of recurring tasks are missing. Apply the migration.";

    private bool _isIncompatible = true;
    private int _attempts;

    [Fact]
    public async Task An_incompatible_store_is_tried_again_once_a_minute()
    {
        await using var hosts = Hosts();
        var host = await StartAsync(hosts);
        for (var minute = 0; minute < 10; minute++)
        {
            await host.AdvanceAsync(1.Minutes);
            host["poll"].Pause(); // the store is to get it, but not before the next attempt
            host["poll"].Resume();
        }

        Assert.Equal(11, _attempts);
    }

    [Fact]
    public async Task Log_and_health_say_why_a_store_is_incompatible_until_it_can_be_used()
    {
        const string Text =
            "The store cannot be used: The tables of recurring tasks are missing. Apply the migration. "
            + "The steps of tasks with SurviveRestarts do not run; other loops go on without it. SafeLoop tries again once a "
            + "minute.";
        await using var hosts = Hosts();
        var host = await StartAsync(hosts);
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await host.AdvanceAsync(5.Minutes);

        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(Text, report.Entries.Single().Value.Description);
        var faults = host.Observer.Events.Where(e => e.FaultKind is FaultKind.StoreFailed).ToArray();
        Assert.Equal(6, faults.Length);
        Assert.All(faults, fault => Assert.Equal(Text, fault.Text));

        _isIncompatible = false; // the migration was applied while the host was running
        await host.AdvanceAsync(3.Minutes);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        Assert.Equal(9, hosts.Entries("poll").Sum(entry => entry.Record.Count));
    }

    private static Task<VirtualHost> StartAsync(StoredHosts hosts) => hosts.StartAsync(services =>
    {
        services.AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(1.Minutes);
        services.AddHealthChecks().AddRecurringTasks();
    });

    private StoredHosts Hosts()
    {
        var hosts = new StoredHosts();
        hosts.Database.Cut = call =>
        {
            if (call is not { Method: "Connect", IsExecuted: false } || !_isIncompatible)
                return StoreCut.None;
            _attempts++;
            throw new IncompatibleStoreException(Sentence);
        };
        return hosts;
    }
}
