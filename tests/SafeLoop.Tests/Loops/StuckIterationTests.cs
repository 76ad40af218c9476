using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Loops;

/// <summary>A step that does not end after its cancellation is reported once, and no other iteration starts.</summary>
public class StuckIterationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<TaskCompletionSource> _gates = [];

    [Fact]
    public void After_the_grace_period_it_is_reported_by_event_log_and_state_and_recorded_as_timed_out()
    {
        using var host = Run();
        host.Advance(Second * 6.9); // 2 s limit, 5 s grace
        Assert.Equal(RecurringTaskState.Running, host["deaf"].State);
        Assert.Empty(host.Observer.Of(LoopEventKind.IterationStuck));

        host.Advance(Second * 0.1);
        Assert.Equal(RecurringTaskState.Stuck, host["deaf"].State);
        var stuck = Assert.Single(host.Observer.Of(LoopEventKind.IterationStuck));
        Assert.Equal((1, "step 'listen'", Second * 7), (stuck.Record.Number, stuck.Text, stuck.Record.Elapsed));
        var line = Assert.Single(host.Logs.Lines, line => line.Text.Contains("stuck"));
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains("'deaf'", line.Text);
        Assert.Contains("'listen'", line.Text);
        Assert.Equal([IterationOutcome.TimedOut], host.Outcomes());
    }

    [Fact]
    public void It_is_reported_and_recorded_exactly_once_however_long_it_takes()
    {
        using var host = Run();
        host.Advance(TimeSpan.FromHours(1));
        host.Release(_gates[0]);

        Assert.Single(host.Observer.Of(LoopEventKind.IterationStuck));
        Assert.Single(host.Records(), record => record.Number == 1);
        Assert.Equal(1, host["deaf"].Snapshot().TimedOut);
    }

    [Fact]
    public void No_second_iteration_starts_beside_it_and_the_slots_that_pass_are_recorded()
    {
        using var host = Run();
        host.Advance(Second * 35);
        Assert.Single(_gates);
        Assert.Equal(3, host["deaf"].Snapshot().Skipped);
        Assert.Equal(OutcomeReason.PreviousRunning, host.Records()[^1].Reason);

        host.Release(_gates[0]);
        Assert.Single(_gates);
        host.Advance(Second * 5);
        Assert.Equal(2, _gates.Count);
    }

    [Fact]
    public void With_Overlap_Allow_others_start_beside_it()
    {
        using var host = Run(builder => builder.OnOverlap(Overlap.Allow, 3));
        host.Advance(Second * 15);

        Assert.Equal(2, _gates.Count);
        Assert.Equal(2, host["deaf"].Snapshot().Running);
    }

    [Fact]
    public void When_it_ends_after_all_that_is_reported_and_the_loop_goes_on()
    {
        using var host = Run();
        host.Advance(Second * 8);
        host.Release(_gates[0]);

        Assert.Single(host.Observer.Of(LoopEventKind.IterationUnstuck));
        Assert.Equal(RecurringTaskState.Waiting, host["deaf"].State);
        host.Advance(Second * 2);
        Assert.Equal(2, _gates.Count);
        Assert.Equal(RecurringTaskState.Running, host["deaf"].State);
    }

    [Fact]
    public void A_stuck_step_that_asked_to_stop_the_loop_ends_it_when_it_ends()
    {
        using var host = Run(step: (iteration, _) => { iteration.StopLoop("seen enough"); return new(NewGate().Task); });
        host.Advance(Second * 8);
        host.Release(_gates[0]);

        Assert.Equal(LoopEnd.StoppedByStep, host.EndOf("deaf"));
        Assert.Equal("seen enough", host["deaf"].Snapshot().StateReason);
    }

    [Fact]
    public void A_report_that_frees_the_step_records_this_iteration_only()
    {
        using var host = LoopHost.Run(services => services
            .AddSingleton<IRecurringTaskObserver>(new Liberator(() => _gates[0].TrySetResult()))
            .AddRecurringTask("deaf").Step("listen", (_, _) => new(NewGate().Task)).Every(Second * 7)
            .OnOverlap(Overlap.BufferOne) // a slot waits already: the next iteration begins within the report
            .WithTimeout(Second * 2).Configure(options => options.StuckAfter = Second * 8));
        host.Advance(Second * 10);

        Assert.Equal(2, _gates.Count);
        Assert.Equal([(1, IterationOutcome.TimedOut)], host.Records().Select(record => (record.Number, record.Outcome)));
        Assert.Equal(RecurringTaskState.Running, host["deaf"].State);
    }

    [Fact]
    public void What_it_throws_when_it_ends_at_last_is_logged()
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", async (_, _) =>
        {
            await gate.Task;
            throw new FormatException("too late");
        }).Every(1.Hours).WithTimeout(1.Seconds).Configure(options => options.StuckAfter = 5.Seconds));
        host.Advance(10.Seconds);
        host.Release(gate);

        Assert.Contains(host.Logs.Lines, line => line.Exception is FormatException);
    }

    [Fact]
    public void A_fixed_delay_counts_from_the_end_of_an_iteration_that_was_stuck()
    {
        var gate = new TaskCompletionSource();
        var runs = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask(
            "t", (_, _) => ++runs == 1 ? new(gate.Task) : ValueTask.CompletedTask)
            .WithDelay(10.Seconds).WithTimeout(1.Seconds).Configure(options => options.StuckAfter = 5.Seconds));
        host.Advance(100.Seconds);
        host.Release(gate);
        host.Advance(1.Seconds);

        Assert.Equal(1, runs); // the next one 10 seconds after the end
    }

    [Fact]
    public void A_back_off_counts_from_the_end_of_an_iteration_that_was_stuck()
    {
        var gate = new TaskCompletionSource();
        var runs = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask(
            "t", (_, _) => ++runs == 1 ? new(gate.Task) : ValueTask.CompletedTask)
            .Every(10.Seconds).BackOff(1.Minutes).WithTimeout(1.Seconds).Configure(options => options.StuckAfter = 5.Seconds));
        host.Advance(100.Seconds);
        host.Release(gate);
        host.Advance(40.Seconds);

        Assert.Equal(1, runs); // the pause ends at 160
    }

    private TaskCompletionSource NewGate()
    {
        var gate = new TaskCompletionSource();
        _gates.Add(gate);
        return gate;
    }

    private LoopHost Run(
        Action<IRecurringTaskBuilder>? more = null, Func<Iteration, CancellationToken, ValueTask>? step = null) =>
        LoopHost.Run(services =>
        {
            var builder = services.AddRecurringTask("deaf").Step("listen", step ?? ((_, _) => new(NewGate().Task)))
                .Every(Second * 10).WithTimeout(Second * 2).Configure(options => options.StuckAfter = Second * 5);
            more?.Invoke(builder);
        });

    private sealed class Liberator(Action free) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent.Kind == LoopEventKind.IterationStuck)
                free();
        }
    }
}
