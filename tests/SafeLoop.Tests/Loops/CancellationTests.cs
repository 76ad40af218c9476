using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Each reason for cancelling a step has its own outcome or reason, and none counts as a success.</summary>
public class CancellationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Three_cancellations_are_distinguished_the_host_stops_the_time_is_over_the_step_gave_up_by_itself()
    {
        Func<Iteration, CancellationToken, ValueTask> own = (_, _) => throw new OperationCanceledException();
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("stopped", (_, token) => Cancelled.By(token)).Every(Second * 100);
            services.AddRecurringTask("slow", (_, token) => Cancelled.By(token)).Every(Second * 100).WithTimeout(Second);
            services.AddRecurringTask("own", own).Every(Second * 100);
        });
        host.Advance(Second * 2);
        host.Wait(host.StopHost());

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.HostStopping), EndOf("stopped"));
        Assert.Equal((IterationOutcome.TimedOut, OutcomeReason.None), EndOf("slow"));
        Assert.Equal((IterationOutcome.Failed, OutcomeReason.None), EndOf("own"));

        (IterationOutcome, OutcomeReason) EndOf(string task)
        {
            var record = Assert.Single(host.Records(task));
            return (record.Outcome, record.Reason);
        }
    }

    [Theory] // Hangfire#2452
    [InlineData(OutcomeReason.HostStopping)]
    [InlineData(OutcomeReason.Removed)]
    [InlineData(OutcomeReason.Cancelled)]
    [InlineData(OutcomeReason.Replaced)]
    public void Cancelled_is_never_Succeeded_even_if_the_step_returns_as_if_nothing_had_been(OutcomeReason reason)
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("deaf", (iteration, _) => iteration.Number == 1 ? new(gate.Task) : ValueTask.CompletedTask)
            .Every(Second * 10).OnOverlap(Overlap.CancelRunning));
        var stopped = Task.CompletedTask;
        switch (reason)
        {
            case OutcomeReason.HostStopping: stopped = host.StopHost(); break;
            case OutcomeReason.Removed: host.Tasks.Remove("deaf"); break;
            case OutcomeReason.Cancelled: host["deaf"].Stop(); break;
            case OutcomeReason.Replaced: host.Advance(Second * 10); break;
        }
        host.Advance(Second);
        host.Release(gate);
        host.Wait(stopped);

        var record = host.Records().First(record => record.Number == 1);
        Assert.Equal((IterationOutcome.Interrupted, reason), (record.Outcome, record.Reason));
        Assert.DoesNotContain(host.Records(), record => record is { Number: 1, Outcome: IterationOutcome.Succeeded });
    }

    [Fact]
    public void An_interrupted_iteration_is_neither_a_failure_nor_a_success_in_a_row()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask(
                "deaf", (iteration, token) => iteration.Number == 2 ? Cancelled.By(token) : throw new FormatException())
            .Every(Second * 10).OnOverlap(Overlap.CancelRunning));
        host.Advance(Second * 20);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Interrupted, IterationOutcome.Failed], host.Outcomes());
        Assert.Equal(2, host["deaf"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public void The_first_reason_counts()
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("deaf", (_, _) => new(gate.Task)).Every(Second * 100)
            .WithTimeout(Second));
        host.Advance(Second * 2);
        host["deaf"].Stop();
        host.Release(gate);

        Assert.Equal([IterationOutcome.TimedOut], host.Outcomes());
    }

    [Fact]
    public void A_callback_on_the_token_that_throws_is_reported_as_a_fault_and_the_loop_lives()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("rude", (_, token) =>
        {
            token.Register(() => throw new InvalidOperationException("from the callback"));
            return Cancelled.By(token);
        }).Every(Second * 10).WithTimeout(Second));
        host.Advance(Second * 12);

        Assert.Equal([IterationOutcome.TimedOut, IterationOutcome.TimedOut], host.Outcomes());
        var faults = host.Observer.Of(LoopEventKind.Fault);
        Assert.Equal(2, faults.Count);
        Assert.All(faults, fault => Assert.Contains("from the callback", fault.Exception!.ToString()));
    }
}
