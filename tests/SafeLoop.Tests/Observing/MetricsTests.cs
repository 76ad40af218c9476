using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Tasks;

namespace SafeLoop.Tests.Observing;

public sealed class MetricsTests : ControlTest
{
    private const string Running = "safeloop.iterations.running";

    [Fact]
    public void Names_and_units_follow_the_conventions()
    {
        (IsGated, IsDeaf) = (true, true);
        using var meter = Start(task => task.Every(Second * 10).WithTimeout(Second)
            .Until(() => throw new InvalidOperationException()));
        Host.Advance(Second * 12);
        Open();
        IsGated = false;
        Host.Advance(Second * 30);
        meter.Look("safeloop.last_success");
        Task.Stop();
        Host.Settle();

        Assert.Equal(
            [
                "safeloop.consecutive_failures {failure} ObservableGauge",
                "safeloop.faults {fault} Counter",
                "safeloop.iteration.duration s Histogram",
                "safeloop.iteration.lateness s Histogram",
                "safeloop.iterations {iteration} Counter",
                "safeloop.iterations.running {iteration} ObservableUpDownCounter",
                "safeloop.iterations.stuck {iteration} Counter",
                "safeloop.last_success s ObservableGauge",
                "safeloop.loops.ended {loop} Counter",
                "safeloop.memory.limit By ObservableGauge",
                "safeloop.memory.used By ObservableGauge",
                "safeloop.next_slot s ObservableGauge",
                "safeloop.stuck {iteration} ObservableUpDownCounter",
                "safeloop.succeeded 1 ObservableGauge",
                "safeloop.thread.blocked s ObservableCounter",
                "safeloop.wakeup.lateness s ObservableGauge",
            ],
            meter.Instruments);
        Assert.Equal(["1 safeloop.task=task safeloop.end=Stopped"], meter.Of("safeloop.loops.ended"));
    }

    [Fact]
    public void Iterations_are_counted_by_outcome_reason_and_error()
    {
        var fail = false;
        using var meter = Start(task => task.Every(Second * 10)
            .Step("second", (_, _) => fail ? throw new InvalidOperationException() : ValueTask.CompletedTask));
        fail = true;
        Host.Advance(Second * 10);
        Task.Pause();
        Host.Advance(Second * 10);
        Host.Sleep(Second * 30);

        Assert.Equal(
            [
                "1 safeloop.task=task safeloop.outcome=succeeded",
                "1 safeloop.task=task safeloop.outcome=failed error.type=System.InvalidOperationException",
                "1 safeloop.task=task safeloop.outcome=skipped safeloop.reason=paused",
                "3 safeloop.task=task safeloop.outcome=skipped safeloop.reason=paused",
            ],
            meter.Of("safeloop.iterations"));
    }

    [Fact]
    public void Duration_and_lateness_are_in_seconds()
    {
        using var meter = Start();
        IsGated = true;
        Host.Sleep(Second * 12.5);
        Host.Advance(Second * 0.25);
        Open();

        Assert.Equal(["0 safeloop.task=task", "2.5 safeloop.task=task"], meter.Of("safeloop.iteration.lateness"));
        Assert.Equal(["0 safeloop.task=task safeloop.outcome=succeeded", "0.25 safeloop.task=task safeloop.outcome=succeeded"],
            meter.Of("safeloop.iteration.duration"));
    }

    [Fact]
    public void Running_is_one_while_an_iteration_runs_and_zero_after_however_it_ended()
    {
        IsGated = true;
        using var meter = Start(task => task.Every(Second * 10).WithTimeout(Second * 5));
        Assert.Equal(1, meter.Now(Running));
        Host.Advance(Second * 5);
        Assert.Equal(("TimedOut", 0), (Outcomes(), meter.Now(Running)));

        IsDeaf = true;
        Host.Advance(Second * 5);                                    // 10: runs
        Host.Advance(Second * 20);                                   // stuck
        Assert.Equal((RecurringTaskState.Stuck, 1), (Task.State, meter.Now(Running))); // its outcome is recorded, but it runs
        Open();
        Open();
        Assert.Equal((RecurringTaskState.Waiting, 0), (Task.State, meter.Now(Running)));
        Assert.Equal(1, meter.Sum("safeloop.iterations.stuck"));
    }

    [Fact]
    public void Running_stays_zero_for_iterations_that_fail_before_they_start()
    {
        var check = true;
        using var meter = Start(task => task.Every(Second * 10)
            .While(() => check ? throw new InvalidOperationException() : false));
        check = false;
        Host.Advance(Second * 10);

        Assert.Equal("Failed, Skipped(ConditionFalse)", Outcomes());
        Assert.Equal(0, meter.Now(Running));
        Assert.Empty(meter.Of("safeloop.iteration.duration"));
    }

    [Fact]
    public void Running_goes_back_to_zero_for_an_iteration_that_hung_before_it_started()
    {
        var answer = new TaskCompletionSource<bool>();
        using var meter = Start(task => task.Every(Second * 10).WithTimeout(Second).While(async _ => await answer.Task));
        Host.Advance(Second * 20);
        Assert.Equal(RecurringTaskState.Stuck, Task.State);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        answer.SetResult(true);
        SynchronizationContext.SetSynchronizationContext(outer);
        Host.Settle();

        Assert.Equal(0, meter.Now(Running));
    }

    [Fact]
    public void Gauges_show_failures_in_a_row_and_the_last_success_and_vanish_with_the_loop()
    {
        var fail = false;
        using var meter = Start(task => task.Every(Second * 10)
            .Step("second", (_, _) => fail ? throw new InvalidOperationException() : ValueTask.CompletedTask));
        Assert.Equal(["0 safeloop.task=task"], meter.Look("safeloop.consecutive_failures"));
        fail = true;
        Host.Advance(Second * 20);
        Assert.Equal(["2 safeloop.task=task"], meter.Look("safeloop.consecutive_failures"));
        Assert.Equal([$"{LoopHost.Start.ToUnixTimeSeconds()} safeloop.task=task"], meter.Look("safeloop.last_success"));

        Task.Stop();
        Host.Settle();
        Assert.Equal("Skipped(Disabled)", Outcome(RunNow())); // and does not bring them back
        Assert.Empty(meter.Look("safeloop.consecutive_failures"));
        Assert.Empty(meter.Look("safeloop.last_success"));
    }

    [Fact]
    public void The_last_success_is_measured_from_the_start_and_says_whether_there_was_one()
    {
        var fail = true;
        using var meter = Start(task => task.Every(Second * 10)
            .Step("second", (_, _) => fail ? throw new InvalidOperationException() : ValueTask.CompletedTask));
        Host.Advance(Second * 10);
        Assert.Equal([$"{LoopHost.Start.ToUnixTimeSeconds()} safeloop.task=task"], meter.Look("safeloop.last_success"));
        Assert.Equal(["0 safeloop.task=task"], meter.Look("safeloop.succeeded"));
        fail = false;
        Host.Advance(Second * 10);

        Assert.Equal([$"{LoopHost.Start.ToUnixTimeSeconds() + 20} safeloop.task=task"], meter.Look("safeloop.last_success"));
        Assert.Equal(["1 safeloop.task=task"], meter.Look("safeloop.succeeded"));
    }

    [Theory]
    [InlineData("cron", 10_800, 10_800)]
    [InlineData("every", 10, 10)]
    [InlineData("delay", 0, 13)] // while the iteration runs on which it depends, the slot of that
    [InlineData("later", 60, 60)]
    public void The_next_slot_is_measured_from_the_start_and_while_an_iteration_runs(string kind, int first, int then)
    {
        IsGated = true;
        using var meter = Start(task => _ = kind switch
        {
            "cron" => task.Cron("0 3 * * *"),
            "delay" => task.WithDelay(Second * 10),
            "later" => task.Every(Second * 10).StartAfter(Second * 60),
            _ => task.Every(Second * 10),
        });
        Assert.Equal([$"{LoopHost.Start.ToUnixTimeSeconds() + first} safeloop.task=task"], meter.Look("safeloop.next_slot"));
        Host.Advance(Second * 3);
        if (AtTheGate > 0)
            Open();

        Assert.Equal([$"{LoopHost.Start.ToUnixTimeSeconds() + then} safeloop.task=task"], meter.Look("safeloop.next_slot"));
        Task.Stop();
        Host.Settle();
        Assert.Empty(meter.Look("safeloop.next_slot"));
    }

    private RecordingMeter Start(Action<IRecurringTaskBuilder>? configure = null)
    {
        Prepare(configure);
        var meter = new RecordingMeter(Host);
        Host.StartHost();
        return meter;
    }

    [Fact]
    public void A_task_that_must_succeed_says_for_how_long_it_has_not_also_when_it_never_has()
    {
        using var meter = Start(task => task.Step("fail", (_, _) => throw new FormatException()).Every(Second * 10)
            .SucceedWithin(Second * 60));
        Host.Advance(Second * 90);

        Assert.Equal(["60 safeloop.task=task"], meter.Look("safeloop.succeed_within"));
        Assert.Equal(["90 safeloop.task=task"], meter.Look("safeloop.without_success"));

        Task.Stop();
        Host.Settle();
        Assert.Empty(meter.Look("safeloop.without_success"));
    }
}
