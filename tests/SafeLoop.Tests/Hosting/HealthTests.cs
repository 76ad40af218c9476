using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests.Tasks;

namespace SafeLoop.Tests.Hosting;

public sealed class HealthTests : ControlTest
{
    private bool _fail;

    [Fact]
    public void A_sound_task_is_healthy_and_named()
    {
        Start();

        Assert.Equal("Healthy: ", Health());
        Assert.Equal("Waiting", Check().Data["task"]);
    }

    [Fact]
    public void A_failing_task_degrades_until_it_succeeds()
    {
        _fail = true;
        Start();
        Host.Advance(Second * 10);
        Assert.Equal("Degraded: 'task' is failing: 2 failure(s) in a row.", Health());
        _fail = false;
        Host.Advance(Second * 10);

        Assert.Equal("Healthy: ", Health());
    }

    [Fact]
    public void A_delay_policy_that_breaks_its_contract_degrades_until_it_answers_soundly()
    {
        var answer = (LoopHistory history) => history.LastSlot;
        Start(task => task.DelayBy(new ScriptedPolicy((history, now) => answer(history) ?? now)));
        const string Broken =
            "returned 2026-01-01T00:00:00.0000000+00:00, which is not after the last slot 2026-01-01T00:00:00.0000000+00:00.";
        Assert.Equal($"Degraded: 'task' has a broken delay policy: it {Broken}", Health());
        Assert.Equal($"The delay policy {Broken}", Task.Snapshot().StateReason);
        answer = _ => throw new FormatException();
        Host.Advance(Second * 60);
        Assert.Equal("Degraded: 'task' has a broken delay policy: it threw FormatException.", Health());
        answer = history => history.LastSlot + (Second * 60);
        Host.Advance(Second * 60);

        Assert.Equal("Healthy: ", Health());
        Assert.Null(Task.Snapshot().StateReason);
        Assert.Equal(2, Host.Faults().Count());
    }

    [Fact]
    public void A_stuck_task_is_unhealthy_until_it_ends()
    {
        (IsGated, IsDeaf) = (true, true);
        Start(task => task.WithDelay(Second * 10).WithTimeout(Second));
        Host.Advance(Second * 20);
        Assert.StartsWith("Unhealthy: 'task' is stuck: cancelled, but running since 2026-01-01T00:00:00.0000000+00:00.", Health(),
            StringComparison.Ordinal);
        IsGated = false;
        Open();
        Host.Advance(Second * 10);

        Assert.Equal("Healthy: ", Health());
    }

    [Fact]
    public void A_task_that_gave_up_is_unhealthy()
    {
        _fail = true;
        Start(task => task.Every(Second).StopAfterFailures(2));
        Host.Advance(Second);

        Assert.Equal("Unhealthy: 'task' has ended: 2 failures in a row.", Health());
    }

    [Fact]
    public void A_task_that_ended_as_planned_is_healthy_and_mentioned()
    {
        Start(task => task.Every(Second).StopAfter(1));

        Assert.Equal("Healthy: 'task' has ended: Completed.", Health());
    }

    [Fact]
    public void A_paused_task_is_healthy_and_mentioned()
    {
        Start();
        Task.Pause("Maintenance.");

        Assert.Equal("Healthy: 'task' is paused: Maintenance.", Health());
    }

    [Fact]
    public void A_slot_that_the_process_had_no_time_for_is_overdue()
    {
        Start();
        Host.Clock.SetWallClock(LoopHost.Start.AddHours(1)); // does not matter: the interval is monotonic
        Assert.Equal("Healthy: ", Health());
        Host.Clock.Pass(Second * 41);                      // the process gets no time to run

        Assert.StartsWith("Degraded: 'task' is overdue: its slot ", Health(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cron_task_that_is_spread_over_its_minute_is_not_overdue()
    {
        var late = Enumerable.Range(0, 100).Select(number => $"task {number}").First(name => StableHash.Share(name) > 0.8);
        Start(task => task.Cron("* * * * *").Spread().Named(late)); // some 50 seconds after its slots
        var worst = Enumerable.Range(0, 120).Select(_ => { Host.Advance(Second); return Health(); }).Distinct();

        Assert.Equal(["Healthy: "], worst);
    }

    [Fact]
    public void A_task_whose_iteration_outlasts_its_slots_degrades()
    {
        IsGated = true;
        Start();
        Host.Advance(Second * 10);

        Assert.Equal("Degraded: 'task' is overdue: "
            + "its iteration has been running since 2026-01-01T00:00:00.0000000+00:00 and slots pass.", Health());
    }

    [Fact]
    public void A_task_must_succeed_within_its_limit()
    {
        _fail = true;
        Start(task => task.Every(Second * 10).SucceedWithin(Second * 25));
        Host.Advance(Second * 25);
        Assert.StartsWith("Degraded", Health(), StringComparison.Ordinal);
        Host.Advance(Second);
        Assert.Contains("Unhealthy", Health(), StringComparison.Ordinal);
        Assert.Contains("'task' has not succeeded for 00:00:26, and must within 00:00:25.", Health(), StringComparison.Ordinal);
        _fail = false;
        Host.Advance(Second * 10);

        Assert.Equal("Healthy: ", Health());
    }

    [Fact]
    public void A_task_that_has_ended_as_planned_need_not_succeed_until_it_starts_again()
    {
        Start(task => task.Every(Second * 10).StopAfter(2).SucceedWithin(Second * 25));
        Host.Advance(Second * 60);
        Assert.Equal("Healthy: 'task' has ended: Completed.", Health());
        _fail = true;
        Task.Start();
        Host.Advance(Second * 25);
        Assert.DoesNotContain("must within", Health(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_has_ended_by_failures_must_still_succeed()
    {
        _fail = true;
        Start(task => task.Every(Second * 10).StopAfterFailures(2).SucceedWithin(Second * 25));
        Host.Advance(Second * 60);

        Assert.Equal("Unhealthy: 'task' has ended: 2 failures in a row. "
            + "'task' has not succeeded for 00:01:00, and must within 00:00:25.", Health());
    }

    [Fact]
    public void A_task_that_is_disabled_need_not_succeed()
    {
        Start(task => task.Every(Second * 10).SucceedWithin(Second * 25).Configure(options => options.Enabled = false));
        Host.Advance(Second * 60);

        Assert.Equal("Healthy: Disabled by the option Enabled, so slots are skipped: 'task'.", Health());
    }

    [Fact]
    public void A_task_that_was_paused_need_not_succeed_before_it_has_run_again()
    {
        Start(task => task.Every(Second * 10).SucceedWithin(Second * 25));
        Task.Pause("holidays");
        Host.Advance(Second * 65);
        Assert.Equal("Healthy: 'task' is paused: holidays.", Health());
        Task.Resume();
        Assert.Equal("Healthy: ", Health());
        _fail = true;
        Host.Advance(Second * 5);

        Assert.Contains("'task' has not succeeded for 00:01:10, and must within 00:00:25.", Health(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_task_that_was_paused_or_disabled_and_hangs_in_its_first_try_must_succeed(bool paused)
    {
        Start(task => task.WithDelay(Second * 10).WithTimeout(Timeout.InfiniteTimeSpan).SucceedWithin(Second * 25));
        Want(false);
        Host.Advance(Second * 60);
        IsGated = true;
        Want(true);
        Host.Advance(Second * 20);
        Assert.Equal("Healthy: ", Health());
        Host.Advance(Second * 20);
        Assert.StartsWith("Unhealthy: 'task' has not succeeded for ", Health(), StringComparison.Ordinal);

        void Want(bool runs)
        {
            if (!paused)
                _ = Task.ChangeAsync(options => options.Enabled = runs);
            else if (runs)
                Task.Resume();
            else
                Task.Pause();
            Host.Settle();
        }
    }

    [Fact]
    public void Success_within_a_limit_is_missed_also_after_the_clock_was_set_back()
    {
        Start(task => task.Cron("* * * * * *").SucceedWithin(Second * 25));
        Host.Advance(Second * 60);
        _fail = true;
        Host.Clock.SetWallClock(LoopHost.Start.AddDays(-3));
        Host.Advance(Second * 60);

        Assert.Contains("'task' has not succeeded for 00:01:00, and must within 00:00:25.", Health(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_jitter_without_measure_does_not_break_the_check()
    {
        Start(task => task.Cron("* * * * * *").Spread().WithJitter(TimeSpan.MaxValue));
        Host.Advance(Second * 60);

        Assert.Equal("Healthy: ", Health());
    }

    [Fact]
    public void A_task_that_was_paused_by_its_failures_must_still_succeed()
    {
        _fail = true;
        Start(task => task.Every(Second * 10).PauseAfterFailures(2).SucceedWithin(Second * 25));
        Host.Advance(Second * 60);

        Assert.Contains("'task' has not succeeded for 00:01:00, and must within 00:00:25.", Health(), StringComparison.Ordinal);
    }

    [Fact]
    public void Success_within_a_limit_does_not_depend_on_who_sets_the_clock()
    {
        Start(task => task.Every(Second * 10).SucceedWithin(Second * 25));
        Host.Clock.SetWallClock(LoopHost.Start.AddYears(10));
        Host.Advance(Second * 10);

        Assert.Equal("Healthy: ", Health());
    }

    [Fact]
    public void The_status_of_what_is_unhealthy_can_be_chosen()
    {
        _fail = true;
        Start(task => task.Every(Second).StopAfterFailures(1),
            checks => checks.AddRecurringTasks("loops", HealthStatus.Degraded, ["ready"]));

        Assert.StartsWith("Degraded", Health(), StringComparison.Ordinal);
    }

    private void Start(Action<IRecurringTaskBuilder>? configure = null, Action<IHealthChecksBuilder>? checks = null)
    {
        Prepare(task =>
        {
            (configure ?? (task => task.Every(Second * 10)))(task);
            task.Step("second", (_, _) => _fail ? throw new InvalidOperationException() : ValueTask.CompletedTask);
            (checks ?? (checks => checks.AddRecurringTasks()))(task.Services.AddHealthChecks());
        });
        Host.StartHost();
    }

    private HealthReportEntry Check() =>
        Assert.Single(Of(Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries).Value;

    private string Health() => $"{Check().Status}: {Check().Description}";
}
