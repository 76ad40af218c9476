using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Tasks;

/// <summary>A loop can be stopped and started again, in whatever state it is.</summary>
public sealed class StopAndStartTests : ControlTest
{
    [Fact]
    public void A_stopped_task_ends_and_says_why()
    {
        Run();
        var completion = Task.Completion;
        Task.Stop("Enough.");
        Host.Settle();
        Host.Advance(Second * 30);

        Assert.Equal(LoopEnd.Stopped, Of(completion));
        var snapshot = Task.Snapshot();
        Assert.Equal((RecurringTaskState.Ended, LoopEnd.Stopped, "Enough.", null),
            (snapshot.State, snapshot.End, snapshot.StateReason, snapshot.NextSlot));
        Assert.Equal("Succeeded", Outcomes());
        Assert.DoesNotContain(Host.Logs.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void A_stop_interrupts_the_running_iteration_after_the_time_it_may_drain()
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).DrainFor(Second * 5));
        Task.Stop();
        Host.Advance(Second * 4.9);
        Assert.Equal("", Outcomes());
        Host.Advance(Second * 0.2);

        Assert.Equal("Interrupted(Cancelled)", Outcomes());
        Assert.True(Task.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_started_task_goes_on_with_its_history()
    {
        Run();
        Host.Advance(Second * 10);
        Task.Stop();
        Host.Advance(Second * 5);
        Task.Start();
        Host.Advance(Second * 10);

        Assert.Equal([1, 2, 3, 4], Host.Records().Select(record => record.Number));
        Assert.Equal([0, 10, 15, 25], Host.Records().Select(r => (r.Slot - LoopHost.Start).TotalSeconds));
        Assert.False(Task.Completion.IsCompleted);
        Assert.Null(Task.Snapshot().End);
    }

    [Fact]
    public void Start_does_nothing_while_the_loop_runs()
    {
        Run();
        Task.Start();
        Task.Start();
        Host.Advance(Second * 10);

        Assert.Equal("Succeeded, Succeeded", Outcomes());
        Assert.Single(Host.Observer.Of(LoopEventKind.LoopStarted));
    }

    [Fact]
    public void A_loop_that_is_still_ending_is_waited_for_and_shown()
    {
        (IsGated, IsDeaf) = (true, true);
        Run();
        Task.Stop();
        Host.Settle();
        Task.Start();
        Host.Advance(Second * 20);

        Assert.Equal((1, 1), (AtTheGate, Task.Snapshot().Running));
        Assert.Equal(RecurringTaskState.Stuck, Task.State);
        IsGated = false;
        Open();
        Host.Wait(Task.RunNowAsync()); // the new loop begins on a thread of its own
        Assert.Equal("Interrupted(Cancelled), Skipped(PreviousRunning), Succeeded, Succeeded", Outcomes());
        Assert.Equal((0, RecurringTaskState.Waiting), (Task.Snapshot().Running, Task.State));
    }

    [Fact]
    public void A_stop_of_the_host_names_an_iteration_that_hangs_in_a_loop_that_was_started_again()
    {
        (IsGated, IsDeaf) = (true, true);
        Run();
        Task.Stop();
        Task.Start();
        Task.Stop();
        Task.Start();
        Host.Settle();
        Host.Wait(Host.StopHost(new CancellationToken(canceled: true)));

        var line = Assert.Single(Host.Logs.Lines, line => line.Id == 40);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.StartsWith("'task' did not stop within the host's shutdown limit: "
            + "iteration 1 has been running for 00:00:00 in step 'task'", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_started_while_it_ends_can_be_stopped_again()
    {
        (IsGated, IsDeaf) = (true, true);
        Run();
        Task.Stop();
        Task.Start();
        Task.Stop("Second thoughts.");
        Host.Settle();
        Open();
        Host.Wait(Task.Completion);

        Assert.Equal("Second thoughts.", Task.Snapshot().StateReason);
        Assert.Equal(LoopEnd.Stopped, Of(Task.Completion));
        Assert.Single(Host.Records());
    }

    [Fact]
    public void After_the_host_has_stopped_nothing_starts_again()
    {
        Run();
        Host.Wait(Host.StopHost());
        Task.Start();
        Host.Advance(Second * 10);

        Assert.Equal("Succeeded", Outcomes());
        Assert.Equal(LoopEnd.HostStopped, Task.Snapshot().End);
    }

    [Fact]
    public void A_task_that_ended_by_itself_can_be_started_again()
    {
        var goOn = false;
        Run(task => task.Every(Second).While(() => goOn));
        Assert.Equal(LoopEnd.ConditionMet, Of(Task.Completion));
        goOn = true;
        Task.Start();
        Host.Settle();

        Assert.Equal("Skipped(ConditionFalse), Succeeded", Outcomes());
    }

    [Fact]
    public void Start_during_the_end_never_runs_two_loops()
    {
        (IsGated, IsDeaf) = (true, true);
        Run(task => task.Every(Second));
        var first = Task.Completion;
        for (var n = 0; n < 5; n++)
        {
            Task.Stop();
            Task.Start();
        }
        Host.Advance(Second * 5);
        Assert.Equal((1, 1), (AtTheGate, Task.Snapshot().Running)); // the one that is ending

        IsGated = false;
        Open();
        Host.Wait(first);
        Host.WaitFor(LoopEventKind.LoopEnded, 5);
        Host.WaitFor(LoopEventKind.LoopStarted, 6);
        Host.Advance(Second);
        Assert.True(Task.Snapshot().Succeeded >= 1);
    }

    [Fact]
    public void Completion_ends_with_each_loop_and_a_started_one_has_a_new_one()
    {
        Run();
        var first = Task.Completion;
        Task.Stop();
        Host.Wait(first);
        Task.Start();

        Assert.NotSame(first, Task.Completion);
        Assert.False(Task.Completion.IsCompleted);
    }

    [Fact]
    public void Stop_before_the_start_ends_a_loop_that_has_run_nothing()
    {
        Run();
        var added = Host.Tasks.Add("other", task => task.Step("step", StepAsync).Every(Second));
        added.Stop();
        Host.Advance(Second);

        Assert.Equal(LoopEnd.Stopped, Host.EndOf("other"));
        Assert.Empty(Host.Records("other"));
    }

    [Fact]
    public void A_loop_that_is_stopped_while_it_backs_off_ends_at_once()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => throw new FormatException())
            .Every(Second).BackOff(Second * 1000, Second * 1000));
        host["task"].Stop();
        host.Settle();

        Assert.Equal(LoopEnd.Stopped, host.EndOf("task"));
    }

    [Fact]
    public void A_loop_that_is_stopped_while_it_asks_for_its_lock_ends_when_the_provider_has_answered()
    {
        var answer = new TaskCompletionSource<bool>();
        var locks = new ScriptedLocks { Acquire = (_, _) => new(answer.Task) };
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("task", StepAsync).Every(Second).WithLock("lock"));
        host["task"].Stop();
        host.Settle();
        Assert.False(host["task"].Completion.IsCompleted);
        host.Do(() => answer.SetResult(false));

        Assert.Equal(LoopEnd.Stopped, host.EndOf("task"));
    }

    [Fact]
    public void The_first_reason_to_end_counts()
    {
        (IsGated, IsDeaf) = (true, true);
        Run();
        Task.Stop("one");
        Task.Stop("two");
        Open();

        Assert.Equal("one", Task.Snapshot().StateReason);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("remove")]
    [InlineData("stop")]
    public void Iterations_of_a_loop_that_was_started_again_are_cancelled_too(string how)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", async (iteration, token) =>
        {
            if (iteration.Number == 2)
                iteration.StopLoop();
            else
                await Cancelled.By(token);
        }).Every(1.Seconds).OnOverlap(Overlap.Allow, 5));
        host.Advance(1.Seconds); // the second ends the loop; the first goes on
        Assert.Equal(1, host["t"].Snapshot().Running);
        host["t"].Start();
        host.Settle();
        var handle = host["t"];
        if (how == "host")
            _ = host.StopHost();
        else if (how == "remove")
            host.Tasks.Remove("t");
        else
            handle.Stop();
        host.Advance(1.Seconds);

        Assert.Equal(0, handle.Snapshot().Running);
    }
}
