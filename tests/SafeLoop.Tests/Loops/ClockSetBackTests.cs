using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Loops;

/// <summary>
/// The wall clock is set ahead by 20 hours, slots run, and it is set back. The loop waits until the clock has passed these slots,
/// and reports it, unless an operator ends the wait.
/// </summary>
public class ClockSetBackTests
{
    private const string Until = "waits for the clock until 2026-01-01T20:05:10.0000000+00:00";

    [Fact]
    public void A_loop_that_waits_for_the_clock_is_degraded_and_says_until_when()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        SetBack(host);
        host.Advance(1.Hours);

        var health = Health(host);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains($"'t' {Until}", health.Description, StringComparison.Ordinal);
        Assert.Contains("waits for it until", host["t"].Snapshot().StateReason, StringComparison.Ordinal);
        Assert.Contains(
            Until,
            Assert.Single(host.Logs.Lines, line => line.Level is LogLevel.Warning && line.Id == 116).Text,
            StringComparison.Ordinal);
        host.Advance(19.Hours);
        Assert.Equal(HealthStatus.Healthy, Health(host).Status);
        Assert.Null(host["t"].Snapshot().StateReason);
    }

    [Fact]
    public void The_keys_of_a_task_that_wait_for_the_clock_are_degraded_and_logged_in_one_line()
    {
        using var poll = Poll();
        SetBack(poll.Host);
        poll.Host.Advance(1.Hours);

        var health = Health(poll.Host);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains(
            "'poll' waits for the clock for 3 of 3 keys, among them 'a', 'b', 'c'. "
                + $"'poll[a]' {Until}: it was set back, and no slot runs twice.",
            health.Description,
            StringComparison.Ordinal);
        Assert.Contains(
            "3 of 3 keys wait for the clock until 2026-01-01T20:05:10",
            Assert.Single(poll.Host.Logs.Lines, line => line.Level is LogLevel.Warning && line.Id == 116).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_whose_iteration_is_running_when_the_clock_is_set_back_reports_its_wait_too()
    {
        var gate = new TaskCompletionSource();
        using var poll = Poll();
        poll.Host.Clock.SetWallClock(LoopHost.Start + 20.Hours);
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Advance(310);
        poll.Host.Clock.SetWallClock(LoopHost.Start);
        poll.Host.Settle();
        poll.Host.Release(gate);
        poll.Script.Step = (_, _, _) => default;
        poll.Advance(60);

        Assert.Contains("waits for the clock until", Health(poll.Host).Description, StringComparison.Ordinal);
        Assert.Single(poll.Host.Logs.Lines, line => line.Level is LogLevel.Warning && line.Id == 116);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("start")]
    [InlineData("schedule")]
    [InlineData("interval")]
    public void An_operator_ends_the_wait(string how)
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        SetBack(host);
        host.Advance(1.Minutes);
        var before = host["t"].Snapshot().Succeeded;
        if (how == "resume")
        {
            host["t"].Pause();
            host["t"].Resume();
        }
        else if (how == "start")
        {
            host["t"].Stop();
            host.Settle();
            host["t"].Start();
        }
        else
        {
            _ = host["t"].ChangeAsync(options => (options.Cron, options.Every) = how == "schedule"
                ? ("*/11 * * * * *", (TimeSpan?)null)
                : (null, 10.Seconds));
        }
        host.Advance(1.Minutes);

        Assert.InRange(host["t"].Snapshot().Succeeded - before, 5, 8);
        Assert.Equal(HealthStatus.Healthy, Health(host).Status);
        Assert.InRange(host["t"].Snapshot().NextSlot!.Value, LoopHost.Start, LoopHost.Start + 1.Hours);
    }

    [Fact]
    public void An_operator_ends_the_wait_of_all_keys()
    {
        using var poll = Poll();
        SetBack(poll.Host);
        poll.Host.Advance(1.Minutes);
        var before = poll.Script.Runs.Count;
        poll.Keys.Pause();
        poll.Keys.Resume();
        poll.Host.Advance(1.Minutes);

        Assert.InRange(poll.Script.Runs.Count - before, 15, 21);
        Assert.Equal(HealthStatus.Healthy, Health(poll.Host).Status);
    }

    [Fact]
    public void A_loop_waits_again_after_the_next_set_back_although_an_operator_ended_the_last_wait()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        for (var time = 0; time < 2; time++)
        {
            SetBack(host);
            host.Advance(1.Minutes);
            Assert.Equal(HealthStatus.Degraded, Health(host).Status);
            host["t"].Pause();
            host["t"].Resume();
            host.Advance(1.Minutes);
            Assert.Equal(HealthStatus.Healthy, Health(host).Status);
        }
    }

    [Fact]
    public void A_change_of_anything_but_the_schedule_does_not_end_the_wait()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        SetBack(host);
        var before = host.Records().Count;
        _ = host["t"].ChangeAsync(options => options.Timeout = 5.Seconds);
        host.Advance(1.Minutes);

        Assert.Equal(before, host.Records().Count);
        Assert.Equal(HealthStatus.Degraded, Health(host).Status);
    }

    [Theory]
    [InlineData("back-off")]
    [InlineData("chosen")]
    [InlineData("policy")]
    public void What_does_not_depend_on_a_slot_of_the_calendar_does_not_wait(string kind)
    {
        var fails = kind == "back-off";
        using var host = LoopHost.Run(services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            var task = services.AddRecurringTask("t", (iteration, _) =>
            {
                if (kind == "chosen")
                    iteration.NextIn(10.Seconds);
                return fails ? throw new FormatException() : default;
            });
            _ = kind switch
            {
                "back-off" => task.Cron("0 * * * *").BackOff(10.Seconds, 10.Seconds).RunOnStart(),
                "chosen" => task.Cron("0 * * * *").RunOnStart(),
                _ => task.DelayBy(new ScriptedPolicy((_, now) => now + 10.Seconds)),
            };
        });
        if (kind == "back-off")
        {
            host.Clock.SetWallClock(LoopHost.Start + 30.Minutes);
            host.Advance(20.Seconds);
            // Its end is in the future after the clock is set back, but its slot is not.
            Assert.Equal(IterationOutcome.Failed, host.Run("t").Outcome);
            host.Clock.SetWallClock(LoopHost.Start + 59.Minutes);
            host.Clock.SetWallClock(LoopHost.Start + 1.Minutes);
        }
        else
        {
            SetBack(host);
        }
        var before = host.Records().Count(record => record.Number > 0);
        host.Advance(60.Minutes);

        Assert.True(host.Records().Count(record => record.Number > 0) > before);
        Assert.DoesNotContain("waits for the clock", Health(host).Description ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_by_hand_during_the_wait_runs_and_is_dated_as_it_happened()
    {
        using var host = Run(task => task.Cron("*/10 * * * * *"));
        SetBack(host);
        host.Advance(1.Minutes);

        Assert.Equal(IterationOutcome.Succeeded, host.Run("t").Outcome);
        Assert.InRange(host["t"].Snapshot().LastSuccess!.Value, LoopHost.Start, LoopHost.Start + 1.Hours);
        Assert.Equal(HealthStatus.Degraded, Health(host).Status);
    }

    private static LoopHost Run(Action<IRecurringTaskBuilder> configure) => LoopHost.Run(services =>
    {
        services.AddHealthChecks().AddRecurringTasks();
        configure(services.AddRecurringTask("t", Steps.None));
    });

    private static PollHost Poll()
    {
        var poll = new PollHost(task =>
        {
            task.Cron("*/10 * * * * *");
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Add("a", "b", "c");
        return poll;
    }

    private static void SetBack(LoopHost host)
    {
        host.Clock.SetWallClock(LoopHost.Start + 20.Hours);
        host.Advance(310.Seconds);
        host.Clock.SetWallClock(LoopHost.Start + 5.Minutes);
        host.Settle();
    }

    private static HealthReportEntry Health(LoopHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries["recurring-tasks"];
}
