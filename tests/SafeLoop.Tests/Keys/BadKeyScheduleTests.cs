using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Keys;

/// <summary>Keys without a valid schedule fail, with an explanation, until they have one. Other keys run.</summary>
public class BadKeyScheduleTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "zero", "InvalidOperationException: Every(key => …) returned no schedule for this key; "
            + "it is called again in a minute. "
            + "Recurring task 'visit': Every is 00:00:00. Set it to at least 1 ms." },
        { "negative", "InvalidOperationException: Every(key => …) returned no schedule for this key; "
            + "it is called again in a minute. "
            + "Recurring task 'visit': Every is -00:00:01. Set it to at least 1 ms." },
        { "throws", "InvalidOperationException: Every(key => …) threw KeyNotFoundException for this key; "
            + "it is called again in a minute. No device 1." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_key_without_a_period_fails_every_minute_and_the_others_run(string how, string sentence)
    {
        using var visit = new VisitHost(task => task.Every(PeriodOf).AsSingleton());
        Device bad = new(1) { Zone = how }, good = new(2);
        visit.Add(bad, good);
        visit.Advance(120);

        Assert.Equal([0, 60, 120], visit.Records(bad).Select(record => (record.Slot - LoopHost.Start).TotalSeconds));
        Assert.All(
            visit.Records(bad), record => Assert.Equal((IterationOutcome.Failed, sentence), (record.Outcome, record.Error)));
        Assert.Empty(visit.Script.Of(1));
        Assert.Equal(13, visit.Script.Of(2).Length);
        Assert.Contains(visit.Host.Logs.Lines, line => line.Exception?.Message == sentence.Split(": ", 2)[1]);
    }

    [Fact]
    public async Task Health_names_a_key_without_a_schedule()
    {
        using var visit = new VisitHost(task => task.Every(PeriodOf).Services.AddHealthChecks().AddRecurringTasks());
        visit.Add(new Device(1) { Zone = "zero" }, new Device(2));
        visit.Advance(61);

        var report = await visit.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("is failing for 1 of 2 keys, among them 'device 1'", report.Entries.Single().Value.Description);
    }

    [Theory]
    [InlineData(null, "The cron expression is null.")]
    [InlineData("", "Recurring task 'visit': ")]
    [InlineData("61 * * * *", "Recurring task 'visit': ")]
    [InlineData("0 0 30 2 *", "Recurring task 'visit': Cron expression '0 0 30 2 *' never fires.")]
    public void A_key_without_a_cron_expression_fails_every_minute(string? expression, string sentence)
    {
        using var visit = new VisitHost(task => task.Cron(device => device.Cron!));
        var bad = new Device(1) { Cron = expression };
        visit.Add(bad, new Device(2));
        visit.Advance(120);

        Assert.Equal([60, 120], visit.Records(bad).Select(record => (record.Slot - LoopHost.Start).TotalSeconds));
        Assert.All(visit.Records(bad), record => Assert.Contains(sentence, record.Error));
        Assert.Empty(visit.Script.Of(1));
        Assert.Equal(2, visit.Script.Of(2).Length);
    }

    [Fact]
    public void A_zone_of_a_key_that_is_not_known_fails_with_its_name()
    {
        using var visit = new VisitHost(task => task.Cron(device => device.Cron!, device => device.Zone));
        var bad = new Device(1) { Zone = "Europe/Berlim" };
        visit.Add(bad);
        visit.Advance(60);

        Assert.Contains("Europe/Berlim", Assert.Single(visit.Records(bad)).Error);
    }

    [Fact]
    public void An_unknown_zone_for_all_keys_is_a_problem_at_start() => Assert.Contains(
        "Europe/Berlim", Assert.Throws<InvalidRecurringTaskException>(() => new VisitHost(task => task.Cron(
            device => device.Cron!, "Europe/Berlim"))).Message);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_schedule_begins_as_soon_as_it_has_one(bool isFound)
    {
        using var visit = new VisitHost(task => task.Every(PeriodOf).Spread().BackOff(1.Seconds));
        var device = new Device(1) { Zone = "zero", Period = 40.Seconds };
        visit.Add(device);
        visit.Advance(1);
        var handle = isFound ? visit.Keys.Find(device)! : null;
        _ = handle?.Completion; // gives it a runner of its own
        device.Zone = null;
        visit.Advance(200);

        var first = 60 + (StableHash.Share("visit", device) * 40);
        Assert.Equal(4, visit.Script.Of(1).Length);
        Assert.Equal(first, visit.Script.Of(1)[0], 3);
        Assert.Equal(first + 40, visit.Script.Of(1)[1], 3);
        Assert.Equal(
            [IterationOutcome.Failed, IterationOutcome.Succeeded],
            visit.Records(device).Select(record => record.Outcome).Distinct());
        if (handle is not null)
            Assert.Equal(40.Seconds, handle.Options.Every);
    }

    [Fact]
    public void A_cron_key_that_has_an_expression_again_waits_for_its_slot()
    {
        using var visit = new VisitHost(task => task.Cron(device => device.Cron!));
        var device = new Device(1) { Cron = "nonsense" };
        visit.Add(device);
        visit.Advance(90);
        device.Cron = "10 * * * *";
        visit.Advance(3600);

        Assert.Equal([600], visit.Script.Of(1));
        Assert.Equal([60], visit.Records(device).Where(record => record.Outcome is IterationOutcome.Failed)
            .Select(record => (record.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public async Task A_run_by_hand_asks_again()
    {
        using var visit = new VisitHost(task => task.Every(PeriodOf));
        var device = new Device(1) { Zone = "throws", Period = 1.Hours };
        visit.Add(device);
        var handle = visit.Keys.Find(device)!;
        visit.Advance(10);
        var run = handle.RunNowAsync();
        visit.Host.Wait(run);
        Assert.Equal(IterationOutcome.Failed, (await run).Outcome);

        device.Zone = null;
        run = handle.RunNowAsync();
        visit.Host.Wait(run);
        Assert.Equal(IterationOutcome.Succeeded, (await run).Outcome);
    }

    [Fact]
    public void A_period_set_by_hand_takes_its_place()
    {
        using var visit = new VisitHost(task => task.Every(PeriodOf).WithLock("lock"));
        var device = new Device(1) { Zone = "zero" };
        visit.Add(device);
        var handle = visit.Keys.Find(device)!;
        visit.Host.Wait(handle.ChangeAsync(options => options.Jitter = TimeSpan.Zero)); // it still has none
        visit.Advance(60);
        Assert.Empty(visit.Script.Of(1));

        visit.Host.Wait(handle.ChangeAsync(options => options.Every = 5.Seconds));
        visit.Advance(60);
        Assert.Equal(12, visit.Script.Of(1).Length);
        Assert.Equal("lock", handle.Options.Lock.Name);
    }

    [Fact]
    public void Failure_policies_act_on_it_as_on_any_other()
    {
        var failures = new List<object?>();
        using var visit = new VisitHost(
            task => task.Every(PeriodOf).StopAfterFailures(3).OnFailure(failure => failures.Add(failure.Key)));
        var device = new Device(1) { Zone = "throws" };
        visit.Add(device);
        visit.Advance(600);

        Assert.Equal([device, device, device], failures);
        Assert.Equal(LoopEnd.Failures, Assert.Single(visit.Host.Observer.Of(LoopEventKind.LoopEnded)).End);
    }

    [Fact]
    public void A_delegate_may_use_the_keys_themselves()
    {
        VisitHost? host = null;
        using var visit = host = new VisitHost(task => task.Every(device =>
        {
            if (device.Id < 10)
                host!.Keys.TryAdd(new Device(device.Id + 1));
            if (device.Id == 5)
                host!.Keys.TryRemove(device);
            _ = host!.Keys.Find(device)?.Completion;
            return device.Period;
        }));
        visit.Add(new Device(1));
        visit.Advance(10);

        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10], visit.Script.Runs.Select(run => run.Id).Distinct().Order());
    }

    [Fact]
    public void A_delegate_that_blocks_for_one_key_keeps_no_other_from_starting()
    {
        using var gate = new ManualResetEventSlim();
        var seen = new ConcurrentDictionary<int, bool>();
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddSingleton(seen).AddHostedService<AddHundred>().AddRecurringTask<Note, int>().Every(key =>
            {
                if (key == 0)
                    ThreadedLoopHost.Wait(gate);
                return 1.Hours;
            });
        });
        try
        {
            Assert.True(
                SpinWait.SpinUntil(() => Sees(99), ThreadedLoopHost.Patience), "Keys behind the one that blocks did not start.");
            Assert.False(seen.ContainsKey(0));
        }
        finally
        {
            gate.Set();
        }
        Assert.True(
            SpinWait.SpinUntil(() => Sees(100), ThreadedLoopHost.Patience),
            "The key that blocked did not start when it no longer did.");

        bool Sees(int count)
        {
            host.Advance(TimeSpan.Zero);
            return seen.Count == count;
        }
    }

    private static TimeSpan PeriodOf(Device device) => device.Zone switch
    {
        "zero" => TimeSpan.Zero,
        "negative" => -1.Seconds,
        "throws" => throw new KeyNotFoundException($"No {device}."),
        _ => device.Period,
    };

    private sealed class Note(ConcurrentDictionary<int, bool> seen) : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
        {
            seen.TryAdd(key, true);
            return default;
        }
    }

    private sealed class AddHundred(IRecurringTaskKeys<Note, int> keys) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            Assert.All(Enumerable.Range(0, 100), key => Assert.True(keys.TryAdd(key)));
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
