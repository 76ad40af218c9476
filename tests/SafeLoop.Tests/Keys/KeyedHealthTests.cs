using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Tests.Keys;

/// <summary>What is seen from outside of keys that run, that were removed, and that have a handle.</summary>
public class KeyedHealthTests
{
    [Fact]
    public void The_host_names_an_iteration_of_a_removed_key_that_does_not_stop()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a");
        poll.Keys.TryRemove("a");
        poll.Host.Settle();
        poll.Host.Wait(poll.Host.StopHost(new CancellationToken(canceled: true)));
        var lines = poll.Host.Logs.Lines.Where(line => line.Id == 40).ToArray();
        poll.Host.Release(gate);

        Assert.Contains("poll[a]", Assert.Single(lines).Text);
    }

    [Fact]
    public void Stuck_iterations_of_a_removed_key_are_seen_by_health()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a");
        poll.Keys.TryRemove("a");
        poll.Advance(60);
        Assert.Single(poll.Host.Observer.Of(LoopEventKind.IterationStuck));
        var health = Health(poll.Host);
        poll.Host.Release(gate);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_gauge_of_stuck_iterations_counts_those_of_keys(bool isPinned, bool isRemoved)
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).WithTimeout(1.Seconds));
        using var meter = new RecordingMeter(poll.Host);
        poll.Script.Step = (key, iteration, _) =>
            new(Steps.Wait(iteration, key == "well" || iteration.Number > 1 ? 0.Seconds : 14.Seconds, CancellationToken.None));
        poll.Add("a", "b", "well");
        if (isPinned)
            poll.Pin("a");
        poll.Advance(5);
        var before = meter.Look("safeloop.stuck");
        poll.Advance(8);
        if (isRemoved)
            poll.Keys.TryRemove("a");
        var during = meter.Look("safeloop.stuck");
        poll.Advance(5);

        Assert.Equal(
            [["0 safeloop.task=poll"], ["2 safeloop.task=poll"], ["0 safeloop.task=poll"]],
            new[] { before, during, meter.Look("safeloop.stuck") });
    }

    [Fact]
    public void A_key_that_was_started_again_after_its_failures_is_healthy()
    {
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds).StopAfterFailures(1);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        var fails = false;
        poll.Script.Step = (_, _, _) => fails ? throw new FormatException() : ValueTask.CompletedTask;
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        fails = true;
        poll.Advance(10);
        Assert.Equal(RecurringTaskState.Ended, handle.State);
        fails = false;
        handle.Start();
        poll.Advance(60);
        Assert.Equal(RecurringTaskState.Waiting, handle.State);

        Assert.Equal("Healthy ", $"{Health(poll.Host).Status} {Health(poll.Host).Description}");
    }

    [Fact]
    public void A_key_that_was_started_again_and_is_stuck_is_unhealthy()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds).WithTimeout(1.Seconds);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        var hangs = false;
        poll.Script.Step = (_, _, _) => hangs ? new(gate.Task) : ValueTask.CompletedTask;
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        handle.Stop();
        poll.Host.Settle();
        handle.Start();
        hangs = true;
        poll.Advance(60);
        Assert.Equal(RecurringTaskState.Stuck, handle.State);
        var health = Health(poll.Host);
        poll.Host.Release(gate);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
    }

    [Fact]
    public void A_key_whose_step_hangs_while_slots_pass_is_reported_by_health()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a");
        poll.Host.Advance(1.Hours);
        var health = Health(poll.Host);
        poll.Host.Release(gate);

        Assert.Equal(HealthStatus.Degraded, health.Status); // as of an ordinary task
    }

    [Fact]
    public void The_gauge_of_failing_keys_counts_those_with_a_handle()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        using var meter = new RecordingMeter(poll.Host);
        poll.Add("a");
        poll.Pin("a");
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Advance(30);

        Assert.Equal(["1 safeloop.task=poll"], meter.Look("safeloop.keys.failing"));
    }

    [Fact]
    public void The_gauge_of_failing_keys_forgets_those_with_a_handle_that_succeed_again()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        using var meter = new RecordingMeter(poll.Host);
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Add("a");
        poll.Pin("a");
        poll.Script.Step = (_, _, _) => ValueTask.CompletedTask;
        poll.Advance(30);

        Assert.Equal(["0 safeloop.task=poll"], meter.Look("safeloop.keys.failing"));
    }

    [Fact]
    public void The_gauge_of_running_keys_counts_those_with_a_handle()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        using var meter = new RecordingMeter(poll.Host);
        poll.Add("a");
        poll.Pin("a");
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Advance(10);
        var shown = meter.Look("safeloop.keys.running");
        poll.Host.Release(gate);

        Assert.Equal(["1 safeloop.task=poll"], shown);
    }

    [Fact]
    public void SucceedWithin_is_not_watched_key_by_key_and_says_so()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(() => new PollHost(task => task.Every(10.Seconds)
            .SucceedWithin(1.Minutes)));

        Assert.Contains("Recurring task 'poll': SucceedWithin (00:01:00) is not watched key by key. "
            + "Remove it; health reports keys that fail, hang or have ended anyway.", error.Message);
    }

    private static HealthReportEntry Health(LoopHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries.Single().Value;

    [Fact]
    public void A_key_whose_text_throws_hides_no_other_finding()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask<Unspeakable.Job, Unspeakable>().Every(10.Seconds);
            services.AddRecurringTask("other", (_, _) => throw new FormatException()).Every(10.Seconds).StopAfterFailures(1);
            services.AddHealthChecks().AddRecurringTasks();
        });
        host.Services.GetRequiredService<IRecurringTaskKeys<Unspeakable.Job, Unspeakable>>().TryAdd(new());
        host.Advance(5.Seconds);

        var text = Health(host).Description!;
        Assert.Contains("'other' has ended: 1 failure.", text);
        Assert.Contains("is failing for 1 of 1 keys, among them 'a key whose ToString throws NotSupportedException'.", text);
    }

    private sealed class Unspeakable
    {
        public override string ToString() => throw new NotSupportedException();

        public sealed class Job : IRecurringTask<Unspeakable>
        {
            public ValueTask RunAsync(Unspeakable key, Iteration iteration, CancellationToken cancellationToken) =>
                throw new FormatException();
        }
    }
}
