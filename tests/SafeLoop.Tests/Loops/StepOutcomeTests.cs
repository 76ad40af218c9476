using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Loops;

/// <summary>However a step ends, it is an outcome, and the loop lives.</summary>
public class StepOutcomeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_step_that_throws_before_its_first_await_has_failed_and_the_loop_lives() =>
        AssertFails<InvalidOperationException>((_, _) => throw new InvalidOperationException("sync"));

    [Fact]
    public void An_async_step_that_throws_before_its_first_await_has_failed_and_the_loop_lives() =>
        AssertFails<InvalidOperationException>(async (_, _) =>
        {
            if (DateTime.UnixEpoch.Year == 1970)
                throw new InvalidOperationException("async, but at once");
            await Task.CompletedTask;
        });

    [Fact]
    public void A_step_that_throws_after_an_await_has_failed_and_the_loop_lives() =>
        AssertFails<InvalidOperationException>(async (iteration, token) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), iteration.Services.GetRequiredService<TimeProvider>(), token);
            throw new InvalidOperationException("later");
        });

    [Fact]
    public void An_OperationCanceledException_of_the_steps_own_is_a_failure() =>
        AssertFails<OperationCanceledException>((_, _) => throw new OperationCanceledException("my own"));

    [Fact]
    public void A_TaskCanceledException_of_an_unrelated_token_is_a_failure() =>
        AssertFails<TaskCanceledException>((_, _) => ValueTask.FromCanceled(new CancellationToken(canceled: true)));

    [Fact]
    public void A_step_that_returns_a_null_task_has_failed()
    {
        Func<Iteration, CancellationToken, Task> step = (_, _) => null!;
        using var host = LoopHost.Run(services => services.AddRecurringTask("null", step).Every(Second));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Records().Select(record => record.Outcome));
        Assert.Equal("InvalidOperationException: Step 'null' returned null instead of a task.", host.Records()[0].Error);
    }

    [Fact]
    public void A_step_that_throws_an_exception_whose_message_throws_has_failed_and_the_loop_lives() =>
        AssertFails<UnspeakableException>((_, _) => throw new UnspeakableException());

    [Fact]
    public void A_failure_is_logged_with_its_exception_and_the_tasks_name()
    {
        var error = new InvalidOperationException("no disk");
        using var host = LoopHost.Run(services => services.AddRecurringTask("backup", (_, _) => throw error).Every(Second));
        host.Advance(Second);

        var lines = host.Logs.Lines.Where(line => line.Exception is not null).ToArray();
        Assert.Equal([LogLevel.Warning, LogLevel.Error], lines.Select(line => line.Level));
        Assert.All(lines, line => Assert.Same(error, line.Exception));
        Assert.All(lines, line => Assert.Contains("'backup'", line.Text));
    }

    [Fact]
    public void A_long_message_is_cut_so_that_a_record_stays_small()
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("verbose", (_, _) => throw new InvalidOperationException(new string('x', 100_000)))
                .Every(Second));

        Assert.Equal(1000, host.Records().Single().Error!.Length);
    }

    [Fact]
    public void A_step_that_does_not_end_at_once_is_running_until_it_has_ended()
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("slow", (_, _) => new ValueTask(gate.Task))
            .WithDelay(Second));

        host.Advance(Second * 5);
        Assert.Equal(RecurringTaskState.Running, host["slow"].State);
        Assert.Empty(host.Records());

        host.Release(gate);
        var record = Assert.Single(host.Records());
        Assert.Equal((IterationOutcome.Succeeded, Second * 5), (record.Outcome, record.Elapsed));
        Assert.Equal(RecurringTaskState.Waiting, host["slow"].State);
    }

    private static void AssertFails<TException>(Func<Iteration, CancellationToken, ValueTask> step) where TException : Exception
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("failing", step).Every(Second));
        host.Advance(Second * 2.5);

        var ends = host.Observer.Of(LoopEventKind.IterationEnded);
        Assert.Equal(
            [(1, IterationOutcome.Failed), (2, IterationOutcome.Failed), (3, IterationOutcome.Failed)],
            ends.Select(end => (end.Record.Number, end.Record.Outcome)));
        Assert.All(ends, end => Assert.IsType<TException>(end.Exception, exactMatch: false));
        Assert.All(ends, end => Assert.StartsWith(end.Exception!.GetType().Name, end.Record.Error));
        Assert.Equal(3, host["failing"].Snapshot().ConsecutiveFailures);
        Assert.False(host["failing"].Completion.IsCompleted);
    }

    private sealed class UnspeakableException : Exception
    {
        public override string Message => throw new NotSupportedException("No words.");
    }
}
