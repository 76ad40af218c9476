using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>The handle of one key: reading it changes nothing, controlling the loop gives the key its own runner.</summary>
public class KeyHandleTests
{
    [Fact]
    public void A_handle_of_a_failing_key_shows_its_last_error_and_its_failures()
    {
        var fails = false;
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, _, _) => fails ? throw new FormatException("no number") : ValueTask.CompletedTask;
        poll.Add("a");
        poll.Advance(10);
        fails = true;
        poll.Advance(25);
        var handle = poll.Keys.Find("a")!;

        AssertShown(handle);
        handle.Pause();
        AssertShown(handle);
        Assert.Equal(LoopHost.Start + 40.Seconds, handle.Snapshot().NextSlot);

        static void AssertShown(RecurringTaskHandle handle)
        {
            var snapshot = handle.Snapshot();
            Assert.Equal((4, 2, 2), (snapshot.Iterations, snapshot.Failed, snapshot.ConsecutiveFailures));
            Assert.Equal("FormatException: no number", snapshot.Last?.Error);
            Assert.Equal("FormatException: no number", snapshot.LastError);
            Assert.Contains("\"LastError\":\"FormatException: no number\"", JsonSerializer.Serialize(handle));
            Assert.Equal([4], handle.History.Select(record => record.Number));
        }
    }

    [Fact]
    public void The_last_error_stays_when_slots_are_skipped_and_changes_with_the_next_failure()
    {
        var message = "no number";
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, _, _) => throw new FormatException(message);
        poll.Add("a");
        poll.Advance(5);
        var handle = poll.Keys.Find("a")!;
        handle.Pause();
        poll.Advance(10);
        Assert.Equal(
            (IterationOutcome.Skipped, "FormatException: no number"),
            (handle.Snapshot().LastOutcome, handle.Snapshot().LastError));

        message = "no date";
        handle.Resume();
        poll.Advance(10);
        Assert.Equal("FormatException: no date", handle.Snapshot().LastError);
    }

    [Fact]
    public void A_handle_shows_how_the_last_slot_of_its_key_ended_and_when()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        poll.Advance(15);
        var handle = poll.Keys.Find("a")!;

        AssertShown();
        handle.Pause(); // gives the key its own runner
        AssertShown();

        void AssertShown()
        {
            var (snapshot, at) = (handle.Snapshot(), LoopHost.Start + 10.Seconds);
            Assert.Equal((IterationOutcome.Succeeded, at), (snapshot.LastOutcome, snapshot.LastSuccess));
            Assert.Equal(("poll", "a", at), (snapshot.Name, snapshot.Key, snapshot.LastEnded));
            Assert.Contains("\"Name\":\"poll\",\"Key\":\"a\"", JsonSerializer.Serialize(handle));
        }
    }

    [Fact]
    public void A_handle_of_a_key_that_has_not_run_shows_that()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).StartAfter(1.Minutes));
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        foreach (var _ in new[] { 1, 2 })
        {
            var snapshot = handle.Snapshot();
            Assert.Equal((null, null, null), (snapshot.LastOutcome, snapshot.LastSuccess, snapshot.LastError));
            Assert.Null(snapshot.LastEnded);
            handle.Pause();
        }
    }

    [Fact]
    public void To_look_at_a_key_leaves_its_loop_without_a_runner_of_its_own()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(1));
        poll.Add("a", "b");
        foreach (var key in poll.Keys.Keys)
        {
            var handle = poll.Keys.Find(key)!;
            Assert.Equal((RecurringTaskState.Waiting, "poll", 10.Seconds), (handle.State, handle.Name, handle.Options.Every));
            Assert.Equal((1, LoopHost.Start + 10.Seconds), (handle.Snapshot().Iterations, handle.Snapshot().NextSlot));
            Assert.Equal([10, 20], handle.UpcomingSlots(2).Select(next => (int)(next.Slot - LoopHost.Start).TotalSeconds));
            Assert.Empty(handle.History);
            handle.Resume();
            handle.Start();
        }

        Assert.Empty(Task(poll).Loops);
        poll.Advance(10);
        Assert.Equal(4, poll.Script.Runs.Count);
    }

    [Fact]
    public void A_handle_that_has_only_looked_controls_the_loop_when_it_is_asked_to()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        var (one, other) = (poll.Keys.Find("a")!, poll.Keys.Find("a")!);
        one.Pause("by hand");
        Assert.Equal((RecurringTaskState.Paused, RecurringTaskState.Paused), (one.State, other.State));
        other.Resume();
        poll.Advance(10);

        Assert.Equal([2], one.History.Select(record => record.Number));
        Assert.Single(Task(poll).Loops);
        poll.Keys.TryRemove("a");
        poll.Host.Settle();
        Assert.Equal((LoopEnd.Removed, LoopEnd.Removed), (one.Snapshot().End, other.Snapshot().End));
    }

    [Fact]
    public async Task A_handle_of_a_key_that_was_removed_says_so_and_does_nothing()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        poll.Keys.TryRemove("a");
        handle.Pause();
        handle.Start();
        poll.Advance(20);

        Assert.Equal((RecurringTaskState.Ended, LoopEnd.Removed), (handle.State, handle.Snapshot().End));
        Assert.Empty(handle.UpcomingSlots(3));
        var run = await handle.RunNowAsync();
        Assert.Equal((IterationOutcome.Skipped, OutcomeReason.Disabled), (run.Outcome, run.Reason));
        Assert.Equal("The key was removed. Add it again to run it.", run.Error);
        Assert.Equal(LoopEnd.Removed, await handle.Completion);
        Assert.Equal([0], poll.Script.Of("a"));
    }

    [Fact]
    public async Task A_handle_of_a_key_that_was_removed_leaves_the_key_alone_that_came_into_its_row()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        poll.Advance(20);
        var handle = poll.Keys.Find("a")!;
        poll.Keys.TryRemove("a");
        poll.Add("b");
        poll.Advance(20);

        handle.Pause();
        handle.Stop();
        handle.Start();
        var run = await handle.RunNowAsync();
        poll.Advance(20);

        var snapshot = handle.Snapshot();
        Assert.Equal((IterationOutcome.Skipped, LoopEnd.Removed, "a"), (run.Outcome, snapshot.End, snapshot.Key));
        Assert.Equal(RecurringTaskState.Ended, handle.State);
        Assert.Equal(5, poll.Script.Of("b").Count());
        Assert.Equal(RecurringTaskState.Waiting, poll.Keys.Find("b")!.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_of_a_key_whose_loop_has_ended_says_why_it_is_skipped(bool hasRunner)
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).StopAfter(1));
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        if (hasRunner)
        {
            handle.Start();
            poll.Advance(1);
        }
        var run = handle.RunNowAsync();
        poll.Host.Settle();

        Assert.StartsWith("The loop has ended (Completed", (await run).Error, StringComparison.Ordinal);
        Assert.EndsWith("). Call Start on the handle to run it again.", (await run).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_a_key_that_was_removed_after_it_got_a_runner_says_so()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        var handle = poll.Pin("a");
        poll.Keys.TryRemove("a");
        poll.Host.Settle();

        Assert.Equal("The key was removed. Add it again to run it.", (await handle.RunNowAsync()).Error);
    }

    [Fact]
    public void A_handle_of_a_key_that_runs_shows_that()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (key, _, _) => key == "a" ? new(gate.Task) : ValueTask.CompletedTask;
        poll.Add("a", "b");
        poll.Advance(5);
        var snapshot = poll.Keys.Find("a")!.Snapshot();
        var next = poll.Keys.Find("a")!.UpcomingSlots(1);
        poll.Host.Release(gate);

        Assert.Equal((RecurringTaskState.Running, 1, 1), (snapshot.State, snapshot.Running, snapshot.Iterations));
        Assert.Equal(LoopHost.Start, snapshot.RunningSince);
        Assert.Equal(LoopHost.Start + 10.Seconds, Assert.Single(next).Slot);
        Assert.Equal(RecurringTaskState.Waiting, poll.Keys.Find("b")!.State);
        Assert.Empty(Task(poll).Loops);
    }

    [Fact]
    public void A_key_that_was_paused_after_its_failures_is_shown_as_paused_before_anything_touches_it()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).PauseAfterFailures(1));
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Add("a");
        poll.Advance(20);

        var snapshot = poll.Keys.Find("a")!.Snapshot();
        Assert.Equal((RecurringTaskState.Paused, "Paused after failures in a row."), (snapshot.State, snapshot.StateReason));
        Assert.Empty(Task(poll).Loops);
    }

    private static KeyedLoops Task(PollHost poll) => (KeyedLoops)poll.Keys;
}
