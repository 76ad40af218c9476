using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Loops;

/// <summary>Failure handlers are called and awaited, and cannot break the loop.</summary>
public class FailureHandlerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<RecurringTaskFailure> _failures = [];

    [Fact]
    public void A_handler_receives_the_failure_and_how_many_there_were_in_a_row()
    {
        var error = new FormatException();
        using var host = Run(iteration => iteration.Number == 3 ? ValueTask.CompletedTask : throw error,
            task => task.OnFailure(_failures.Add));
        host.Advance(Second * 3);

        Assert.Equal([(1, 1), (2, 2), (4, 1)], _failures.Select(failure => (failure.Number, failure.ConsecutiveFailures)));
        Assert.All(_failures, failure => Assert.Equal(("task", IterationOutcome.Failed, error),
            (failure.TaskName, failure.Outcome, failure.Exception)));
        Assert.Equal(LoopHost.Start + Second, _failures[1].Slot);
    }

    [Fact]
    public void A_time_out_is_a_failure_to_a_handler()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, token) => Cancelled.By(token))
            .Every(Second * 10).WithTimeout(Second).OnFailure(_failures.Add));
        host.Advance(Second);

        Assert.Equal(IterationOutcome.TimedOut, Assert.Single(_failures).Outcome);
    }

    [Fact]
    public void An_interruption_or_a_success_is_not()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (iteration, token) => iteration.Number == 1 ? ValueTask.CompletedTask : Cancelled.By(token))
            .Every(Second).OnFailure(_failures.Add));
        host.Advance(Second);
        host["task"].Stop();
        host.Settle();

        Assert.Equal([IterationOutcome.Succeeded, IterationOutcome.Interrupted], host.Outcomes());
        Assert.Empty(_failures);
    }

    [Fact]
    public void Handlers_that_throw_at_once_later_or_return_null_are_reported_as_faults_and_the_others_are_called()
    {
        Func<RecurringTaskFailure, Task> nullTask = _ => null!;
        using var host = Run(_ => throw new FormatException(), task => task
            .OnFailure(new Action<RecurringTaskFailure>(_ => throw new IOException("at once")))
            .OnFailure(async _ => { await Task.CompletedTask; throw new IOException("later"); })
            .OnFailure(nullTask)
            .OnFailure(_failures.Add));
        host.Advance(Second);

        Assert.Equal(6, host.Faults().Count());
        Assert.Equal(2, _failures.Count);
        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Outcomes());
    }

    [Fact]
    public void An_async_handler_is_awaited_before_the_next_iteration()
    {
        var gate = new TaskCompletionSource();
        using var host = Run(_ => throw new FormatException(), task => task.OnFailure(_ => gate.Task));
        host.Advance(Second * 5);
        Assert.Equal(1, host["task"].Snapshot().Iterations);

        host.Release(gate);
        host.Advance(Second);
        Assert.Equal(2, host["task"].Snapshot().Iterations);
    }

    [Fact]
    public void A_handler_that_hangs_is_cancelled_with_the_loop()
    {
        using var host = Run(_ => throw new FormatException(),
            task => task.OnFailure(failure => Cancelled.By(failure.CancellationToken)));
        host["task"].Stop();
        host.Wait(host["task"].Completion);

        Assert.Equal([IterationOutcome.Failed], host.Outcomes());
    }

    [Fact]
    public void A_handler_that_hangs_for_ever_is_reported_as_stuck_when_the_loop_is_stopped()
    {
        var gate = new TaskCompletionSource();
        using var host = Run(_ => throw new FormatException(), task => task.OnFailure(_ => gate.Task));
        host["task"].Stop();
        host.Advance(Second * 11);

        Assert.Single(host.Observer.Of(LoopEventKind.IterationStuck));
        host.Release(gate);
        // As the step left it.
        Assert.Equal(IterationOutcome.Failed, Assert.Single(host.Records(), record => record.Number == 1).Outcome);
        host.Wait(host["task"].Completion);
    }

    [Fact]
    public void A_stuck_iteration_calls_the_handler_when_it_is_reported_and_not_again_when_it_ends()
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", async (_, _) =>
        {
            await gate.Task;
            throw new FormatException();
        })
            .Every(Second * 100).WithTimeout(Second).Configure(options => options.StuckAfter = Second * 5)
            .OnFailure(new Action<RecurringTaskFailure>(_ => throw new IOException())).OnFailure(_failures.Add));
        host.Advance(Second * 6);
        Assert.Equal((1, IterationOutcome.TimedOut, null),
            Assert.Single(_failures) is var failure
                ? (failure.ConsecutiveFailures, failure.Outcome, failure.Exception)
                : default);
        Assert.Single(host.Faults());
        host.Release(gate);

        Assert.Single(_failures);
        Assert.Equal(RecurringTaskState.Waiting, host["task"].State);
    }

    [Fact]
    public async Task A_handler_of_a_stuck_iteration_may_block_until_the_loop_has_ended()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var completed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        IRecurringTasks? tasks = null;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRecurringTask("task", (_, _) => gate.Task).Every(Second * 100).WithTimeout(Second / 1000)
            .Configure(options => options.StuckAfter = Second / 1000).OnFailure(_ =>
            {
                tasks!["task"].Stop();
                gate.TrySetResult();
                completed.TrySetResult(tasks["task"].Completion.Wait(Second * 20));
            });
        using var host = builder.Build();
        tasks = host.Services.GetRequiredService<IRecurringTasks>();
        await host.StartAsync();

        Assert.True(await completed.Task.WaitAsync(Second * 30));
    }

    [Fact]
    public void An_iteration_that_is_stuck_since_the_loop_was_stopped_is_no_failure()
    {
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => new(gate.Task)).Every(Second)
            .OnFailure(_failures.Add));
        host["task"].Stop();
        host.Advance(Second * 20);

        Assert.Single(host.Observer.Of(LoopEventKind.IterationStuck));
        Assert.Empty(_failures);
        host.Release(gate);
    }

    private static LoopHost Run(Func<Iteration, ValueTask> step, Action<IRecurringTaskBuilder> configure) =>
        LoopHost.Run(services =>
            configure(services.AddRecurringTask("task", (iteration, _) => step(iteration)).Every(Second)));
}
