using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Observing;

/// <summary>An iteration that has not ended has the outcome None, and not Succeeded.</summary>
public class NoRecordTests
{
    [Fact]
    public void A_task_that_never_ran_has_not_succeeded()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 0 1 1 *"));
        var task = host["t"];

        Assert.NotEqual("Succeeded", task.History.LastOrDefault().Outcome.ToString());
        Assert.Null(task.Snapshot().LastOutcome);
        Assert.Null(task.Snapshot().Last);
    }

    [Fact]
    public void The_default_of_an_outcome_a_record_an_event_and_a_failure_is_no_success()
    {
        Assert.NotEqual(IterationOutcome.Succeeded, default);
        Assert.NotEqual(IterationOutcome.Succeeded, default(IterationRecord).Outcome);
        Assert.NotEqual(IterationOutcome.Succeeded, default(LoopEvent).Record.Outcome);
        Assert.NotEqual(IterationOutcome.Succeeded, default(RecurringTaskFailure).Outcome);
        Assert.Equal("None", $"{default(IterationOutcome)}");
    }

    [Fact]
    public void Only_the_end_of_a_slot_carries_an_outcome()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host["t"].Pause();
        host["t"].Resume();
        _ = host["t"].ChangeAsync(options => options.HistoryLength = 10);
        host["t"].Stop();
        host.Settle();

        Assert.Contains(host.Observer.Events, e => e.Kind is LoopEventKind.IterationStarted);
        Assert.All(
            host.Observer.Events,
            e => Assert.Equal(e.Kind is LoopEventKind.IterationEnded, e.Record.Outcome is IterationOutcome.Succeeded));
    }

    [Fact]
    public void A_policy_that_is_asked_before_the_first_end_sees_no_outcome_and_after_a_skip_none_that_succeeded()
    {
        var seen = new List<IterationOutcome?>();
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None)
            .DelayBy(new ScriptedPolicy((history, now) =>
            {
                seen.Add(history.LastOutcome);
                return (history.LastSlot ?? now) + 10.Seconds;
            })));
        host["t"].Pause();
        host.Advance(10.Seconds);

        Assert.Null(seen[0]);
        Assert.Equal(IterationOutcome.Skipped, seen[^1]);
    }

    [Fact]
    public void The_outcomes_in_metrics_and_counts_are_those_they_were()
    {
        var fail = false;
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", (_, _) => fail ? throw new FormatException() : default).Every(10.Seconds));
        using var meter = new RecordingMeter(host);
        host.Advance(10.Seconds);
        fail = true;
        host.Advance(10.Seconds);
        host["t"].Pause();
        host.Advance(10.Seconds);

        Assert.Equal(
            ["succeeded", "failed", "skipped"],
            meter.Of("safeloop.iterations").Select(line => line.Split("outcome=")[1].Split(' ')[0]));
        var snapshot = host["t"].Snapshot();
        Assert.Equal(
            (2, 1, 0, 0, 1), (snapshot.Succeeded, snapshot.Failed, snapshot.TimedOut, snapshot.Interrupted, snapshot.Skipped));
    }
}
