using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

public sealed class RunNowTests : ControlTest
{
    [Fact]
    public void A_run_by_hand_returns_its_record_and_leaves_the_slots_alone()
    {
        Run();
        Host.Advance(Second * 3);
        var record = Of(RunNow());

        Assert.Equal((2, LoopHost.Start.AddSeconds(3), IterationOutcome.Succeeded, 1),
            (record.Number, record.Slot, record.Outcome, record.Count));
        Host.Advance(Second * 7);
        Assert.Equal([0, 3, 10], Host.Records().Select(r => (r.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public void A_run_by_hand_that_fails_returns_the_failure_and_throws_nothing()
    {
        Run(task => task.Every(Second * 10).Step("second", (_, _) => throw new InvalidOperationException("on purpose")));

        Assert.Equal("InvalidOperationException: on purpose", Of(RunNow()).Error);
    }

    [Theory]
    [InlineData(Overlap.Skip, "Skipped(PreviousRunning)", "Succeeded")]
    [InlineData(Overlap.BufferOne, "Succeeded", "Succeeded")]
    [InlineData(Overlap.BufferAll, "Succeeded", "Succeeded")]
    [InlineData(Overlap.CancelRunning, "Succeeded", "Interrupted(Replaced)")]
    [InlineData(Overlap.Allow, "Succeeded", "Succeeded")]
    public void A_run_by_hand_obeys_overlap(Overlap overlap, string byHand, string running)
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).OnOverlap(overlap));
        var run = RunNow();
        Assert.Equal(overlap is Overlap.Allow ? 2 : 1, Task.Snapshot().Running);
        while (AtTheGate > 0)
            Open();

        Assert.Equal(byHand, Outcome(run));
        Assert.Equal(running, Outcomes().Split(", ").First(outcome => overlap is not Overlap.Skip || outcome == "Succeeded"));
    }

    [Theory]
    [InlineData(Overlap.Skip, 1, 2, "Skipped(PreviousRunning)")]
    [InlineData(Overlap.BufferOne, 2, 1, "Skipped(BufferFull)")]
    [InlineData(Overlap.BufferAll, 3, 0, "")]
    [InlineData(Overlap.Allow, 3, 0, "")]
    public void Runs_by_hand_that_come_together_obey_overlap_as_if_they_came_one_by_one(
        Overlap overlap, int run, int dropped, string reason)
    {
        Run(task => task.Every(Second * 10).OnOverlap(overlap));
        IsGated = true;
        var runs = Enumerable.Range(0, 3).Select(_ => Task.RunNowAsync()).ToArray();
        Host.Settle();
        while (AtTheGate > 0)
            Open();

        var outcomes = runs.Select(Outcome).ToArray();
        Assert.Equal(
            (run, dropped), (outcomes.Count(outcome => outcome == "Succeeded"), outcomes.Count(outcome => outcome == reason)));
    }

    [Fact]
    public void Of_runs_by_hand_that_replace_each_other_the_latest_runs()
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).OnOverlap(Overlap.CancelRunning));
        var runs = Enumerable.Range(0, 3).Select(_ => Task.RunNowAsync()).ToArray();
        Host.Settle();
        while (AtTheGate > 0)
            Open();

        Assert.Equal("Succeeded", Outcome(runs[2]));
        Assert.DoesNotContain("Succeeded", runs[..2].Select(Outcome));
        Assert.Equal(1, Host.Records().Count(record => record.Reason is OutcomeReason.Replaced)); // the one that ran
    }

    [Fact]
    public void Parallel_runs_by_hand_obey_the_limit()
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).OnOverlap(Overlap.Allow, 2));
        var runs = Enumerable.Range(0, 3).Select(_ => Task.RunNowAsync()).ToArray();
        Host.Settle();
        Assert.Equal(2, Task.Snapshot().Running);
        while (AtTheGate > 0)
            Open();

        Assert.Equal(["Skipped(BufferFull)", "Skipped(BufferFull)", "Succeeded"], runs.Select(Outcome).Order());
    }

    [Fact]
    public void A_run_by_hand_obeys_the_lock()
    {
        Run(task => task.Every(Second * 10).WithLock("lock"));
        var lease =
            Of(Host.Services.GetRequiredService<ILoopLockProvider>().TryAcquireAsync(new() { Name = "lock" }, default).AsTask())!;
        Assert.Equal("Skipped(LockHeld)", Outcome(RunNow()));

        Host.Wait(lease.DisposeAsync().AsTask());
        Assert.Equal("Succeeded", Outcome(RunNow()));
    }

    [Fact]
    public void A_paused_task_can_be_run_by_hand()
    {
        Run();
        Task.Pause("Maintenance.");

        Assert.Equal("Succeeded", Outcome(RunNow()));
        Assert.Equal(RecurringTaskState.Paused, Task.State);
    }

    [Fact]
    public void A_disabled_task_cannot()
    {
        Run(task => task.Every(Second * 10).Configure(options => options.Enabled = false));

        Assert.Equal("Skipped(Disabled)", Outcome(RunNow()));
    }

    [Fact]
    public void A_task_whose_loop_does_not_run_cannot()
    {
        Run();
        Task.Stop();
        Host.Settle();

        Assert.Equal("Skipped(Disabled)", Outcome(RunNow()));
        Assert.Equal(OutcomeReason.Disabled, Task.History[^1].Reason);
    }

    [Fact]
    public async Task A_run_by_hand_before_the_host_has_started_says_so()
    {
        Prepare();
        var added = Host.Tasks.Add("added", task => task.Step("step", StepAsync).Every(Second));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => added.RunNowAsync());

        Assert.StartsWith(
            "Recurring task 'added' cannot run yet, because the host has not started.", error.Message, StringComparison.Ordinal);
        Assert.Empty(added.History);
    }

    [Fact]
    public void A_run_that_was_cancelled_before_it_began_does_not_begin()
    {
        Run();

        Assert.Equal("Interrupted(Cancelled)", Outcome(RunNow(new CancellationToken(canceled: true))));
        Assert.Equal(1, Task.Snapshot().Iterations);
    }

    [Fact]
    public void A_run_that_is_cancelled_is_interrupted_and_the_loop_goes_on()
    {
        Run();
        IsGated = true;
        using var source = new CancellationTokenSource();
        var run = RunNow(source.Token);
        source.Cancel();
        Host.Advance(TimeSpan.FromMilliseconds(1));
        IsGated = false;
        Host.Advance(Second * 10);

        Assert.Equal("Interrupted(Cancelled)", Outcome(run));
        Assert.Equal("Succeeded, Interrupted(Cancelled), Succeeded", Outcomes());
    }

    [Theory]
    [InlineData(Overlap.BufferOne)]
    [InlineData(Overlap.BufferAll)]
    [InlineData(Overlap.CancelRunning)]
    public void A_run_that_is_cancelled_while_it_waits_is_answered_before_the_iteration_ahead_has_ended(Overlap overlap)
    {
        (IsGated, IsDeaf) = (true, true);
        Run(task => task.Every(Second * 10).OnOverlap(overlap));
        using var source = new CancellationTokenSource();
        var run = RunNow(source.Token);
        var other = overlap is Overlap.BufferAll ? RunNow() : null;
        source.Cancel();
        Host.Settle();

        Assert.Equal("Interrupted(Cancelled)", Outcome(run));
        Assert.Equal(1, Task.Snapshot().Running);
        IsGated = false;
        Open();
        Assert.Equal(other is null ? 1 : 2, Task.Snapshot().Iterations);
        Assert.Equal("Succeeded", other is null ? "Succeeded" : Outcome(other));
    }

    [Fact]
    public void Cancelling_a_run_that_has_ended_touches_no_other()
    {
        Run();
        using var source = new CancellationTokenSource();
        Assert.Equal("Succeeded", Outcome(RunNow(source.Token)));
        IsGated = true;
        Host.Advance(Second * 10);
        source.Cancel();
        Host.Settle();
        Open();

        Assert.Equal("Succeeded, Succeeded, Succeeded", Outcomes());
    }

    [Fact]
    public void A_run_that_waits_when_the_host_stops_is_answered()
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).OnOverlap(Overlap.BufferOne));
        var run = RunNow();
        var stopped = Host.StopHost();
        Host.Advance(TimeSpan.FromMilliseconds(1));
        Host.Wait(stopped);

        Assert.Equal("Interrupted(HostStopping)", Outcome(run));
    }

    [Fact]
    public void Two_tasks_are_run_by_hand_independently()
    {
        IsGated = true;
        Run();
        var other = Host.Tasks.Add("other", task => task.Step("step", (_, _) => ValueTask.CompletedTask).WithDelay(Second * 60));
        Host.Settle();
        var run = other.RunNowAsync();
        Host.Settle();

        Assert.Equal("Succeeded", Outcome(run));
        Assert.Equal("Skipped(PreviousRunning)", Outcome(RunNow()));
    }

    [Fact]
    public void A_run_by_hand_counts_as_an_iteration_for_a_fixed_delay()
    {
        Run(task => task.WithDelay(Second * 10));
        Host.Advance(Second * 4);
        RunNow();
        Host.Advance(Second * 10);

        Assert.Equal([0, 4, 14], Host.Records().Select(r => (r.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public void A_run_by_hand_that_never_began_does_not_move_the_slots_of_a_fixed_delay()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).WithDelay(10.Seconds));
        host.Advance(5.Seconds);
        _ = host["t"].RunNowAsync(new CancellationToken(canceled: true));
        host.Settle();
        host.Advance(5.Seconds);

        Assert.Equal(2, host["t"].Snapshot().Iterations);
    }

    [Fact]
    public void A_run_by_hand_that_never_began_does_not_prolong_a_back_off()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (_, _) => throw new FormatException())
            .Every(1.Seconds).BackOff(1.Minutes));
        host.Advance(50.Seconds);
        _ = host["t"].RunNowAsync(new CancellationToken(canceled: true));
        host.Settle();
        host.Advance(10.Seconds);

        Assert.Equal(2, host["t"].Snapshot().Iterations);
    }

    [Theory]
    [InlineData("stopped", "The loop has ended (Stopped: no longer needed). Call Start on the handle to run it again.")]
    [InlineData("completed", "The loop has ended (Completed: 1 iterations have run). Call Start on the handle to run it again.")]
    [InlineData("removed", "The task was removed. Add it again to run it.")]
    [InlineData("host", "The host is stopping or has stopped.")]
    public void A_run_of_a_loop_that_has_ended_says_why_it_is_skipped(string how, string sentence)
    {
        Run(task => _ = how is "completed" ? task.Every(Second).StopAfter(1) : task.Every(Second));
        var task = Task;
        if (how is "stopped")
            task.Stop("no longer needed");
        else if (how is "removed")
            Host.Tasks.Remove("task");
        else if (how is "host")
            Host.Wait(Host.StopHost());
        Host.Settle();
        var run = task.RunNowAsync();
        Host.Settle();

        Assert.Equal(
            (IterationOutcome.Skipped, OutcomeReason.Disabled, sentence),
            (Of(run).Outcome, Of(run).Reason, Of(run).Error));
        Assert.Equal(sentence, task.History[^1].Error);
    }
}
