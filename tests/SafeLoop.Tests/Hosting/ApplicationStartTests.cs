using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>
/// Runs by hand work before any hosted service starts. Scheduled slots wait until the application has started.
/// </summary>
public sealed class ApplicationStartTests : IDisposable
{
    private readonly GatedStart _other = new();
    private readonly List<string> _journal = [];
    private bool _comesLater;
    private LoopHost? _host;
    private Task _started = Task.CompletedTask;

    public void Dispose()
    {
        _other.Gate.TrySetResult();
        _host?.Dispose();
    }

    [Fact] // Coravel#165
    public void A_hosted_service_that_starts_earlier_may_run_a_task_and_await_it()
    {
        IterationRecord record = default;
        Begin(services => services.AddRecurringTask("warm", Note("warm")).Every(10.Seconds));
        _other.Act = async tasks => record = await tasks["warm"].RunNowAsync();
        Advance(0);

        Assert.Equal((IterationOutcome.Succeeded, 1), (record.Outcome, record.Number));
        Assert.Equal(RecurringTaskState.NotStarted, _host!["warm"].State);
        Assert.Equal(["warm 0"], _journal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Slots_wait_for_the_application_and_count_from_its_start(bool otherComesLater)
    {
        _comesLater = otherComesLater;
        Begin(services =>
        {
            services.AddRecurringTask("every", Note("every")).Every(10.Seconds);
            services.AddRecurringTask("delay", Note("delay")).WithDelay(20.Seconds);
            services.AddRecurringTask("cron", Note("cron")).Cron("*/30 * * * * *");
            services.AddRecurringTask("later", Note("later")).Every(100.Seconds).StartAfter(3.Seconds);
        });
        Advance(45);
        Assert.Empty(_journal);
        Assert.False(_started.IsCompleted);

        Finish();
        Advance(20);

        Assert.Equal(
            ["cron 60", "delay 45", "delay 65", "every 45", "every 55", "every 65", "later 48"],
            _journal.Order(StringComparer.Ordinal));
        Assert.Equal(0, _host!["cron"].Snapshot().Missed);
        Assert.DoesNotContain(_host.Records(), record => record.Outcome is IterationOutcome.Skipped);
    }

    [Fact]
    public void A_task_that_need_not_wait_begins_when_the_host_does()
    {
        Begin(services => services.AddRecurringTask("early", Note("early")).Every(10.Seconds).AwaitApplicationStarted(false));
        Advance(10);

        Assert.Equal(["early 0", "early 10"], _journal);
    }

    [Fact]
    public void A_task_that_need_no_longer_wait_begins_at_once()
    {
        Begin(services => services.AddRecurringTask("task", Note("task")).Every(10.Seconds));
        Advance(5);
        _host!.Wait(_host["task"].ChangeAsync(options => options.AwaitApplicationStarted = false));
        Advance(10);

        Assert.Equal(["task 5", "task 15"], _journal);
    }

    [Fact]
    public void Keys_wait_too_and_run_by_hand_meanwhile()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Services.AddSingleton<IHostedService>(_other), start: false);
        poll.Keys.TryAdd("before");
        var started = poll.Host.StartAsync();
        poll.Add("during");
        poll.Advance(7);
        Assert.Empty(poll.Script.Runs);

        var run = poll.Keys.Find("during")!.RunNowAsync();
        poll.Host.Wait(run);
        Assert.True(poll.Keys.TryRemove("before") && poll.Keys.TryAdd("before"));
        poll.Advance(3);
        poll.Host.Release(_other.Gate);
        poll.Host.Wait(started);
        poll.Advance(10);

        Assert.Equal([10, 20], poll.Script.Of("before"));
        Assert.Equal([7, 10, 20], poll.Script.Of("during"));
    }

    [Fact]
    public void A_task_that_is_added_meanwhile_waits_as_well()
    {
        Begin(_ => { });
        Advance(5);
        _host!.Tasks.Add("added", task => task.Step("step", Note("added")).Every(10.Seconds));
        Advance(5);
        _host["added"].Stop();
        _host["added"].Start();
        _host.WaitFor(LoopEventKind.LoopStarted, 2);
        Advance(5);
        Finish();

        Assert.Equal(["added 15"], _journal);
    }

    [Fact]
    public void Runs_by_hand_count_towards_the_end_of_the_loop()
    {
        Begin(services => services.AddRecurringTask("twice", Note("twice")).Every(10.Seconds).StopAfter(2));
        _host!.Wait(_host["twice"].RunNowAsync());
        Finish();
        Advance(20);

        Assert.Equal(["twice 0", "twice 0"], _journal);
        Assert.Equal(LoopEnd.Completed, _host.EndOf("twice"));
    }

    [Fact]
    public void What_is_asked_meanwhile_is_done()
    {
        Begin(services =>
        {
            services.AddRecurringTask("paused", Note("paused")).Every(10.Seconds);
            services.AddRecurringTask("changed", Note("changed")).Every(10.Seconds);
            services.AddRecurringTask("stopped", Note("stopped")).Every(10.Seconds);
        });
        _host!["paused"].Pause("later");
        _host.Wait(_host["changed"].ChangeAsync(options => options.Every = 7.Seconds));
        _host["stopped"].Stop();
        Advance(1);
        Assert.Equal(RecurringTaskState.Paused, _host["paused"].State);
        Finish();
        Advance(10);

        Assert.Equal(["changed 1", "changed 8"], _journal);
        Assert.Equal(LoopEnd.Stopped, _host.EndOf("stopped"));
        Assert.Equal(2, _host["paused"].Snapshot().Skipped);
    }

    [Fact]
    public void The_coming_slots_are_those_that_would_come_if_the_application_started_now()
    {
        Begin(services => services.AddRecurringTask("task", Note("task")).Every(10.Seconds));
        Advance(5);

        Assert.Equal(5, (_host!["task"].UpcomingSlots(1)[0].Slot - LoopHost.Start).TotalSeconds);
        Assert.Null(_host["task"].Snapshot().NextSlot);
    }

    [Fact]
    public void A_host_that_is_stopped_before_the_application_has_started_ends_its_loops_and_records_nothing()
    {
        Begin(services => services.AddRecurringTask("task", Note("task")).Every(10.Seconds));
        Advance(1);
        _host!.Wait(_host.StopHost());

        Assert.Equal(LoopEnd.HostStopped, _host.EndOf("task"));
        Assert.Empty(_host.Records());
    }

    [Fact]
    public void An_application_that_does_not_start_is_reported()
    {
        Begin(services =>
        {
            services.AddRecurringTask("task", Note("task")).Every(10.Seconds);
            services.AddRecurringTask<Poll, string>().Every(10.Seconds);
            services.AddRecurringTask("early", Steps.None).Every(10.Seconds).AwaitApplicationStarted(false);
            services.AddHealthChecks().AddRecurringTasks();
        });
        Advance(59);
        Assert.Empty(Warnings());
        Assert.Equal(HealthStatus.Healthy, Health().Status);

        Advance(1);
        Assert.StartsWith(
            "The application has not started for 00:01:00, so 2 recurring task(s) wait for their first slot.",
            Assert.Single(Warnings()),
            StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, Health().Status);
        Assert.Contains("has not started for 00:01:00", Health().Entries.Values.Single().Description, StringComparison.Ordinal);

        Finish();
        Advance(120);
        Assert.Single(Warnings());
        Assert.Equal(HealthStatus.Healthy, Health().Status);
    }

    [Fact]
    public void There_is_no_warning_where_no_task_waits()
    {
        Begin(services => services.AddRecurringTask("early", Steps.None).Every(10.Seconds).AwaitApplicationStarted(false));
        Advance(200);

        Assert.Empty(Warnings());
    }

    private IEnumerable<string> Warnings() => _host!.Logs.Lines
        .Where(line => line.Level is LogLevel.Warning && !line.Text.StartsWith("Health check", StringComparison.Ordinal))
        .Select(line => line.Text);

    private HealthReport Health() =>
        _host!.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().GetAwaiter().GetResult();

    private Func<Iteration, CancellationToken, ValueTask> Note(string what) => (iteration, _) =>
    {
        _journal.Add(
            $"{what} {(int)(iteration.Services.GetRequiredService<TimeProvider>().GetUtcNow() - LoopHost.Start).TotalSeconds}");
        return default;
    };

    /// <summary>Starts a host with another hosted service, registered before or later, whose start does not return.</summary>
    private void Begin(Action<IServiceCollection> configure)
    {
        _host = new LoopHost(services =>
        {
            services.AddSingleton(new Poll.Script());
            if (_comesLater)
                configure(services);
            services.AddSingleton<IHostedService>(provider =>
            {
                _other.Tasks = provider.GetRequiredService<IRecurringTasks>();
                return _other;
            });
            if (!_comesLater)
                configure(services);
        });
        _started = _host.StartAsync();
    }

    private void Advance(int seconds)
    {
        if (_other.Act is { } act)
            _host!.Wait(act(_other.Tasks!));
        _host!.Advance(seconds.Seconds);
    }

    private void Finish()
    {
        _host!.Release(_other.Gate);
        _host!.Wait(_started);
        _host.Settle();
    }

    private sealed class GatedStart : IHostedService
    {
        public TaskCompletionSource Gate { get; } = new();

        public Func<IRecurringTasks, Task>? Act { get; set; }

        public IRecurringTasks? Tasks { get; set; }

        public Task StartAsync(CancellationToken cancellationToken) => Gate.Task;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
