using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>An iteration that takes too long is cancelled, and timed out whatever it does then.</summary>
public class TimeoutTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_step_that_obeys_its_token_ends_at_its_limit_and_has_timed_out()
    {
        using var host = Run((_, token) => Cancelled.By(token));
        host.Advance(Second * 3);

        var record = Assert.Single(host.Records());
        Assert.Equal((IterationOutcome.TimedOut, OutcomeReason.None, Second * 2),
            (record.Outcome, record.Reason, record.Elapsed));
        Assert.Equal(1, host["slow"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public void A_step_that_ignores_its_token_and_returns_has_timed_out_never_succeeded()
    {
        var gate = new TaskCompletionSource();
        using var host = Run((_, _) => new(gate.Task));
        host.Advance(Second * 3);
        host.Release(gate);

        Assert.Equal([IterationOutcome.TimedOut], host.Outcomes());
        Assert.Equal(0, host["slow"].Snapshot().Succeeded);
    }

    [Fact]
    public void A_step_that_throws_something_else_while_it_is_cancelled_has_timed_out_with_that_exception()
    {
        using var host = Run(async (_, token) =>
        {
            var gate = new TaskCompletionSource();
            using var registration = token.Register(gate.SetResult);
            await gate.Task;
            throw new FormatException("half a file");
        });
        host.Advance(Second * 3);

        var end = Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded));
        Assert.Equal(IterationOutcome.TimedOut, end.Record.Outcome);
        Assert.IsType<FormatException>(end.Exception);
    }

    [Fact]
    public void A_step_that_ends_before_its_limit_is_not_cancelled_afterwards()
    {
        var tokens = new List<CancellationToken>();
        using var host = Run((_, token) => { tokens.Add(token); return ValueTask.CompletedTask; });
        host.Advance(Second * 60);

        Assert.Equal(7, tokens.Count);
        Assert.All(tokens, token => Assert.False(token.IsCancellationRequested));
        Assert.All(host.Outcomes(), outcome => Assert.Equal(IterationOutcome.Succeeded, outcome));
    }

    [Fact]
    public void The_limit_is_counted_for_each_iteration_anew()
    {
        TaskCompletionSource[] waiting = [new(), new()];
        using var host = Run((iteration, token) => iteration.Number < 3
            ? new(waiting[iteration.Number - 1].Task)
            : Cancelled.By(token));

        host.Advance(Second * 1.5);
        host.Release(waiting[0]);
        host.Advance(Second * 10); // the second began at 10 s and has run for 1.5 s
        host.Release(waiting[1]);
        host.Advance(Second * 11); // the third began at 20 s and was not released

        Assert.Equal([IterationOutcome.Succeeded, IterationOutcome.Succeeded, IterationOutcome.TimedOut], host.Outcomes());
    }

    private static LoopHost Run(Func<Iteration, CancellationToken, ValueTask> step) =>
        LoopHost.Run(services => services.AddRecurringTask("slow", step).Every(Second * 10).WithTimeout(Second * 2));
}
