using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

public class StoreDownTests
{
    private readonly List<string> _runs = [];
    private bool _isDown;

    [Fact]
    public async Task A_host_starts_without_its_store_and_saves_later_what_its_loops_did()
    {
        await using var hosts = Hosts();
        _isDown = true;
        var host = await hosts.StartAsync(services => Register(services, "poll").Every(1.Minutes));

        await host.AdvanceAsync(10.Minutes);
        Assert.Equal(11, _runs.Count);
        _isDown = false;
        await host.AdvanceAsync(2.Minutes);

        Assert.Equal(13, hosts.Entries("poll").Sum(entry => entry.Record.Count));
    }

    [Fact]
    public async Task A_task_that_survives_restarts_waits_for_the_store_and_then_catches_up()
    {
        await using var hosts = Hosts();
        _isDown = true;
        var host = await hosts.StartAsync(services => Register(services, "report").Every(1.Minutes).SurviveRestarts(5.Minutes));
        await host.AdvanceAsync(3.Minutes);
        Assert.Empty(_runs);

        _isDown = false;
        await host.AdvanceAsync(1.Minutes);

        Assert.Equal(["00:04"], _runs);
        Assert.Equal(["00:04 Succeeded"], hosts.History("report"));
    }

    [Fact]
    public async Task A_slot_that_cannot_be_claimed_has_failed_and_the_store_gets_its_outcome_later()
    {
        await using var hosts = Hosts();
        var host = await hosts.StartAsync(services => Register(services, "report").Every(1.Minutes).SurviveRestarts(5.Minutes));
        await host.AdvanceAsync(1.Minutes);
        _isDown = true;
        await host.AdvanceAsync(3.Minutes);
        _isDown = false;
        await host.AdvanceAsync(2.Minutes);

        Assert.Equal(["00:01", "00:05", "00:06"], _runs);
        Assert.Equal(
            ["00:01 Succeeded", "00:02 Failed", "00:03 Failed", "00:04 Failed", "00:05 Succeeded", "00:06 Succeeded"],
            hosts.History("report"));
        Assert.Equal(0, host["report"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public async Task An_explanation_is_read_from_memory_when_the_store_does_not_return()
    {
        await using var hosts = new StoredHosts();
        hosts.Database.Cut = call => _isDown && call.Method == "Query" ? StoreCut.Ignore : StoreCut.None;
        var host = await hosts.StartAsync(services => Register(services, "poll").Every(1.Minutes));
        var history = host.Services.GetRequiredService<IRecurringTaskHistory>();
        await host.AdvanceAsync(1.Minutes);
        _isDown = true;
        host.RealTimeLimit = TimeSpan.FromSeconds(1);

        var explained = history.ExplainAsync("poll", StoredHosts.Start.AddSeconds(30)).AsTask();
        var queried = history.QueryAsync(new()).AsTask();
        await host.AdvanceAsync(1.Minutes);

        Assert.Contains(
            "the store did not answer (TimeoutException: The store has not answered within 15 s)", (await explained).Text,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<TimeoutException>(() => queried);
    }

    [Fact]
    public async Task Health_is_degraded_while_the_store_does_not_answer()
    {
        await using var hosts = Hosts();
        var host = await hosts.StartAsync(services =>
        {
            Register(services, "poll").Every(1.Minutes);
            services.AddHealthChecks().AddRecurringTasks();
        });
        var health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        _isDown = true;
        await host.AdvanceAsync(1.Minutes);
        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("The store failed: ", report.Entries.Single().Value.Description, StringComparison.Ordinal);

        _isDown = false;
        await host.AdvanceAsync(1.Minutes);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task An_outage_is_reported_once_a_minute()
    {
        await using var hosts = Hosts();
        var host = await hosts.StartAsync(services => Register(services, "poll").Every(1.Minutes));
        _isDown = true;

        await host.AdvanceAsync(10.Minutes);

        var faults = host.Observer.Events.Count(e => e.FaultKind is FaultKind.StoreFailed);
        Assert.InRange(faults, 5, 11);
    }

    [Fact]
    public async Task Failures_are_kept_one_by_one_and_successes_folded_while_the_store_is_down()
    {
        await using var hosts = Hosts();
        var host = await hosts.StartAsync(services => services
            .AddRecurringTask("poll", (Iteration iteration, CancellationToken _) =>
                iteration.Number % 100 == 0 ? throw new InvalidOperationException("bad") : ValueTask.CompletedTask)
            .Every(1.Seconds));
        _isDown = true;
        await host.AdvanceAsync(10.Minutes);
        _isDown = false;
        await host.AdvanceAsync(2.Minutes);

        var entries = hosts.Entries("poll");
        Assert.Equal(7, entries.Count(entry => entry.Record.Outcome is IterationOutcome.Failed));
        Assert.InRange(entries.Length, 20, 60);
        Assert.InRange(entries.Sum(entry => entry.Record.Count), 660, 722);
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_counts_once_although_the_host_was_taken_for_lost_meanwhile()
    {
        await using var hosts = Hosts();
        var host = await hosts.StartAsync(services => Register(services, "poll").Every(10.Seconds));
        await host.AdvanceAsync(1.Minutes);
        var (isCut, store) = (false, hosts.StoreOfLast);
        hosts.Database.Cut = call =>
        {
            isCut |= call is { Method: "Save", IsExecuted: true };
            return isCut && call.Store == store ? StoreCut.Fail : StoreCut.None;
        };
        await host.AdvanceAsync(1.Minutes);
        Assert.True(isCut);
        var sample = new InstanceSample { HeapSize = 1, HeapLimit = 2, Loops = 1 };
        await hosts.OperatorAsync(async other => await other.SendHeartbeatAsync(Guid.NewGuid(), sample, 0, 30.Seconds, default));
        hosts.Database.Cut = static _ => StoreCut.None;
        await host.AdvanceAsync(2.Minutes);
        await host.StopAsync();

        var totals = hosts.Database.Read("app", stored => stored.Totals.Of(stored.FindTask("poll")!).ToList());
        Assert.Equal(_runs.Count, totals.Sum(total => total.Count));
        Assert.Equal(_runs.Count, hosts.Entries("poll").Sum(entry => entry.Record.Count));
    }

    [Fact]
    public async Task Health_stays_degraded_while_the_store_answers_some_calls_and_fails_to_save()
    {
        await using var hosts = new StoredHosts();
        hosts.Database.Cut = call => _isDown && call.Method is "Save" ? StoreCut.Fail : StoreCut.None;
        var host = await hosts.StartAsync(services =>
        {
            Register(services, "poll").Every(1.Minutes);
            Register(services, "report").Every(1.Minutes).SurviveRestarts(5.Minutes);
            services.AddHealthChecks().AddRecurringTasks();
        });
        var health = host.Services.GetRequiredService<HealthCheckService>();
        _isDown = true;
        await host.AdvanceAsync(1.Minutes);
        for (var part = 0; part < 60; part++)
        {
            await host.AdvanceAsync(5.Seconds);
            Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Status);
        }
        _isDown = false;
        await host.AdvanceAsync(1.Minutes);

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task A_claim_that_takes_effect_after_it_has_failed_gets_its_outcome_all_the_same()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Register(services, "report").Every(1.Minutes).SurviveRestarts(5.Minutes));
        await host.AdvanceAsync(1.Minutes);
        var (hasFailed, isMade) = (false, false);
        hosts.Database.Cut = call =>
        {
            if (call is { Method: "TryClaim", IsExecuted: false } && !hasFailed)
            {
                hasFailed = true;
                return StoreCut.Fail;
            }
            // The server was frozen with the claim on its way, and carries it out between two calls that record the outcome.
            if (call is { Method: "Record", IsExecuted: true } && hasFailed && !isMade)
                isMade = hosts.Database.Execute("app", hosts, (stored, now) => stored.TryClaim(
                    new()
                    {
                        TaskName = "report",
                        Slot = StoredHosts.Start.AddSeconds(90),
                        Instance = stored.Instances.Single().Instance.Id,
                    },
                    now));
            return StoreCut.None;
        };
        await host.AdvanceAsync(2.Minutes);

        Assert.True(isMade);
        Assert.Equal(["00:01 Succeeded", "00:02 Failed", "00:03 Succeeded"], hosts.History("report"));
    }

    [Fact]
    public async Task A_slot_that_could_not_be_claimed_and_that_another_host_has_run_is_not_reported()
    {
        await using var hosts = new StoredHosts();
        var logs = new RecordingLoggerProvider();
        var one = await hosts.StartAsync(services =>
        {
            Register(services, "report").Every(1.Minutes).SurviveRestarts(5.Minutes);
            services.AddLogging(log => log.AddProvider(logs));
        });
        var cut = hosts.StoreOfLast;
        hosts.Database.Cut = call => _isDown && call.Store == cut ? StoreCut.Fail : StoreCut.None;
        var other = await hosts.StartAsync(
            services => Register(services, "report").Every(1.Minutes).SurviveRestarts(5.Minutes));
        _isDown = true;
        await one.AdvanceAsync(40.Seconds);
        await other.AdvanceAsync(40.Seconds);
        _isDown = false;
        await one.AdvanceAsync(10.Seconds);

        Assert.Equal(["00:01"], _runs);
        Assert.Equal(["00:01 Succeeded"], hosts.History("report"));
        Assert.Equal(IterationOutcome.Failed, Assert.Single(one["report"].History).Outcome);
        Assert.DoesNotContain(logs.Lines, line => line.Id == 124);
    }

    private StoredHosts Hosts()
    {
        var hosts = new StoredHosts();
        hosts.Database.Cut = _ => _isDown ? StoreCut.Fail : StoreCut.None;
        return hosts;
    }

    private IRecurringTaskBuilder Register(IServiceCollection services, string name) =>
        services.AddRecurringTask(name, (Iteration iteration, CancellationToken _) =>
        {
            _runs.Add($"{iteration.Slot:HH:mm}");
            return ValueTask.CompletedTask;
        });
}
