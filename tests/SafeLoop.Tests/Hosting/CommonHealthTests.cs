using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>The loop of a key is judged like that of an ordinary task, in the same sentences.</summary>
public sealed class CommonHealthTests
{
    private readonly TaskCompletionSource _gate = new();

    [Theory]
    [InlineData("failing", "Degraded", "is failing: 2 failure(s) in a row.")]
    [InlineData("gave up", "Unhealthy", "has ended: 2 failure")]
    [InlineData("stuck", "Unhealthy", "is stuck: cancelled, but running since 2026-01-01T00:00:00.0000000+00:00.")]
    [InlineData("slots pass", "Degraded",
        "is overdue: its iteration has been running since 2026-01-01T00:00:00.0000000+00:00 and slots pass.")]
    [InlineData("may hang", "Degraded",
        "may hang: its iteration has been running since 2026-01-01T00:00:00.0000000+00:00 in step ")]
    [InlineData("broken", "Degraded", "has a broken delay policy: it ")]
    public void The_same_state_has_the_same_sentence(string state, string status, string sentence)
    {
        using var poll = new PollHost(Configure, start: false);
        poll.Script.Step = (_, _, _) => StepOf(state);
        poll.Host.StartHost();
        poll.Add("a");
        poll.Advance(10);
        if (state is "slots pass" or "may hang" or "stuck")
            poll.Host.Advance(2.Hours);
        var health = Health(poll.Host);
        poll.Host.Release(_gate);

        Assert.Equal(status, health.Status.ToString());
        Assert.Contains($"'plain' {sentence}", health.Description, StringComparison.Ordinal);
        Assert.Contains($"'poll[a]' {sentence}", health.Description, StringComparison.Ordinal);
        Assert.Contains("for 1 of 1 keys, among them 'a'.", health.Description, StringComparison.Ordinal);

        void Configure(IRecurringTaskBuilder keyed)
        {
            keyed.Services.AddHealthChecks().AddRecurringTasks();
            Schedule(keyed, state);
            Schedule(keyed.Services.AddRecurringTask("plain", (_, _) => StepOf(state)), state);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slot_that_did_not_run_is_overdue_for_both(bool isPinned)
    {
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds);
            task.Services.AddHealthChecks().AddRecurringTasks();
            task.Services.AddRecurringTask("plain", Steps.None).Every(10.Seconds);
        });
        poll.Add("a");
        if (isPinned)
            poll.Pin("a");
        poll.Host.Clock.SetWallClock(LoopHost.Start.AddHours(1)); // does not matter: the interval is monotonic
        Assert.Equal(HealthStatus.Healthy, Health(poll.Host).Status);
        poll.Host.Clock.Pass(41.Seconds); // the process gets no time to run

        var health = Health(poll.Host).Description;
        Assert.Contains("'plain' is overdue: its slot 2026-01-01T01:00:10", health, StringComparison.Ordinal);
        Assert.Contains("'poll[a]' is overdue: its slot 2026-01-01T01:00:10", health, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_wait_for_a_place_to_run_in_are_not_overdue()
    {
        using var poll = new PollHost(task =>
        {
            task.WithDelay(10.Seconds).Concurrency(1);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (key, _, _) => key is "a" ? new(_gate.Task) : default;
        poll.Add("a", "b");
        poll.Advance(120);
        var health = Health(poll.Host);
        poll.Host.Release(_gate);

        Assert.Equal("Healthy ", $"{health.Status} {health.Description}");
    }

    [Fact]
    public void Keys_that_have_ended_as_planned_are_not_listed()
    {
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds).StopAfter(1);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Add("a", "b");
        poll.Advance(20);

        Assert.Equal("Healthy ", $"{Health(poll.Host).Status} {Health(poll.Host).Description}");
    }

    private static void Schedule(IRecurringTaskBuilder task, string state) => _ = state switch
    {
        "gave up" => task.Every(10.Seconds).StopAfterFailures(2),
        "stuck" => task.Every(10.Seconds).WithTimeout(1.Seconds),
        "may hang" => task.WithDelay(1.Minutes),
        "broken" => task.DelayBy(new ScriptedPolicy((_, _) => throw new FormatException())),
        _ => task.Every(10.Seconds),
    };

    private ValueTask StepOf(string state) => state switch
    {
        "failing" or "gave up" => throw new InvalidOperationException("on purpose"),
        "broken" => default,
        _ => new(_gate.Task),
    };

    private static HealthReportEntry Health(LoopHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().GetAwaiter().GetResult().Entries.Single().Value;
}
