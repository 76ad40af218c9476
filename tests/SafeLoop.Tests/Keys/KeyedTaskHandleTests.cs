using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A keyed task as a whole, seen and controlled by its name.</summary>
public class KeyedTaskHandleTests
{
    [Fact]
    public void A_keyed_task_is_one_of_all_tasks_in_the_order_in_which_they_were_added()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton(new Poll.Script());
            services.AddRecurringTask("first", (_, _) => ValueTask.CompletedTask).Every(10.Seconds);
            services.AddRecurringTask<Poll, string>().Every(10.Seconds);
            services.AddRecurringTask("last", (_, _) => ValueTask.CompletedTask).Every(10.Seconds);
        });

        Assert.Equal(["first", "poll", "last"], host.Tasks.All.Select(task => task.Name));
        Assert.Same(host.Tasks.All[1], host["POLL"]);
        Assert.Equal(10.Seconds, host["poll"].Options.Every);
    }

    [Fact]
    public void Its_snapshot_has_the_totals_of_all_keys()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).PauseAfterFailures(3).WithTimeout(5.Seconds));
        poll.Script.Step = (key, _, token) => key switch
        {
            "bad" => throw new FormatException("no number"),
            "slow" => Cancelled.By(token),
            _ => ValueTask.CompletedTask,
        };
        poll.Add("bad", "good", "slow");
        poll.Advance(38);
        poll.Keys.TryRemove("slow");
        var snapshot = poll.Host["poll"].Snapshot();

        Assert.Equal(
            (10, 4, 3, 3, 2),
            (snapshot.Iterations, snapshot.Succeeded, snapshot.Failed, snapshot.TimedOut, snapshot.Skipped));
        Assert.Equal(new KeyCounts { Count = 2, Failing = 1, Paused = 1 }, snapshot.Keys);
        Assert.Equal((3, LoopHost.Start + 40.Seconds), (snapshot.ConsecutiveFailures, snapshot.NextSlot));
        Assert.IsType<OperationCanceledException>(snapshot.LastException); // of "slow", which failed last
        Assert.Equal((RecurringTaskState.Waiting, LoopHost.Start + 30.Seconds), (snapshot.State, snapshot.LastSuccess));
        Assert.Null(snapshot.End);
    }

    [Fact]
    public void Its_totals_count_runs_of_keys_with_handles_and_of_keys_that_are_gone()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a", "b");
        poll.Host.Wait(poll.Keys.Find("a")!.RunNowAsync());
        poll.Advance(10);
        poll.Keys.TryRemove("a");
        poll.Keys.TryRemove("b");
        poll.Host.Settle();

        Assert.Equal((5, 5), (poll.Host["poll"].Snapshot().Iterations, poll.Host["poll"].Snapshot().Succeeded));
    }

    [Fact]
    public void Its_state_is_that_of_its_keys()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds).WithTimeout(10.Seconds), start: false);
        poll.Host.StartHost();
        poll.Script.Step = (_, _, _) => new(gate.Task);
        var handle = poll.Host["poll"];
        Assert.Equal(RecurringTaskState.Waiting, handle.State);
        poll.Add("a");
        var running = handle.Snapshot();
        Assert.Equal(
            (RecurringTaskState.Running, 1, 1, 1), (running.State, running.Running, running.Keys!.Running, running.Iterations));
        Assert.Equal(LoopHost.Start, running.RunningSince);

        poll.Advance(60);
        var stuck = handle.Snapshot();
        Assert.Equal((RecurringTaskState.Stuck, 1, 1), (stuck.State, stuck.Iterations, stuck.TimedOut));
        poll.Host.Release(gate);
        Assert.Equal(RecurringTaskState.Waiting, handle.State);
        poll.Host.Wait(poll.Host.StopHost());
        Assert.Equal((RecurringTaskState.Ended, LoopEnd.HostStopped), (handle.State, handle.Snapshot().End));
        Assert.True(handle.Completion.IsCompleted);
    }

    [Fact]
    public void To_pause_and_resume_it_is_to_pause_and_resume_all_keys()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a", "b");
        poll.Host["poll"].Pause("maintenance");
        poll.Advance(20);
        var paused = poll.Host["poll"].Snapshot();
        Assert.Equal((RecurringTaskState.Paused, "maintenance", 0), (paused.State, paused.StateReason, paused.Keys!.Paused));
        Assert.Equal(2, poll.Script.Runs.Count);

        poll.Host["poll"].Resume();
        poll.Advance(10);
        Assert.Equal(4, poll.Script.Runs.Count);
    }

    [Fact]
    public void Its_upcoming_slots_are_those_of_the_keys_that_are_due_first()
    {
        using var poll = new PollHost(task => task.Every(60.Seconds));
        poll.Add("a");
        poll.Advance(10);
        poll.Add("b");
        poll.Advance(10);
        poll.Add("c");
        poll.Pin("b");

        Assert.Equal([60, 70], poll.Host["poll"].UpcomingSlots(2).Select(next => (int)(next.Slot - LoopHost.Start).TotalSeconds));
        Assert.Equal(3, poll.Host["poll"].UpcomingSlots(100).Count);
        Assert.Empty(poll.Host["poll"].UpcomingSlots(0));
    }

    [Fact]
    public async Task What_only_one_loop_can_do_is_refused_with_the_call_that_can()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        var handle = poll.Host["poll"];

        Assert.Equal(
            "Recurring task 'poll' has a loop per key, and RunNowAsync is for one loop. "
                + "Call Find(key) of IRecurringTaskKeys<TTask, TKey> and RunNowAsync on the handle of the key.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => handle.RunNowAsync())).Message);
        Assert.Equal(
            "Recurring task 'poll' has a loop per key, and ChangeAsync is for one loop. "
                + "Change the configuration 'RecurringTasks:poll', or call Find(key) of IRecurringTaskKeys<TTask, "
                + "TKey> and ChangeAsync on the handle of the key.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => handle.ChangeAsync(o => o.Every = 1.Seconds))).Message);
        Assert.Contains("and Stop is for one loop.", Assert.Throws<InvalidOperationException>(() => handle.Stop()).Message);
        Assert.Equal(
            "Recurring task 'poll' has a loop per key and cannot be removed. "
                + "Remove its keys with TryRemove of IRecurringTaskKeys<TTask, TKey>, or pause it.",
            Assert.Throws<InvalidOperationException>(() => poll.Host.Tasks.Remove("poll")).Message);
        handle.Start();
        Assert.Empty(handle.History);
    }
}
