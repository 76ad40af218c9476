using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>
/// Loops of a keyed task with a limit, whose steps take longer than their period, so that runs wait in buffers all the time.
/// </summary>
public class KeyedTurnTests
{
    [Theory]
    [InlineData(Overlap.BufferOne)]
    [InlineData(Overlap.BufferAll)]
    public void One_whose_buffer_is_never_empty_lets_the_others_have_their_turn(Overlap overlap)
    {
        using var poll = Busy(task => task.OnOverlap(overlap));
        poll.Add("a", "b", "c");

        poll.Advance(119);

        Assert.Equal([("a", 0), ("b", 20), ("c", 40), ("a", 60), ("b", 80), ("c", 100)], poll.Script.Runs);
    }

    [Fact]
    public void Slots_that_come_due_while_it_waits_for_its_turn_have_their_outcomes_at_once()
    {
        using var poll = Busy(task => task.OnOverlap(Overlap.BufferOne));
        poll.Add("a", "b");

        poll.Advance(39); // a ended at 20 with the run of slot 10 to start, and waits until b has ended

        Assert.Equal(
            [
                (IterationOutcome.Succeeded, OutcomeReason.None, 0),
                (IterationOutcome.Skipped, OutcomeReason.BufferFull, 20),
                (IterationOutcome.Skipped, OutcomeReason.BufferFull, 30)
            ],
            poll.Ended("a").OrderBy(e => e.Record.Slot).Select(e => (e.Record.Outcome, e.Record.Reason, Second(e.Record.Slot))));
        poll.Advance(61);
        Assert.Equal([0, 40, 80], poll.Script.Of("a"));
        Assert.Equal([0, 10, 50], poll.Host.Observer.Of(LoopEventKind.IterationStarted).Where(e => Equals(e.Key, "a"))
            .Select(e => Second(e.Record.Slot)));
    }

    [Fact]
    public void Missed_slots_that_all_run_do_not_keep_the_place_for_themselves()
    {
        using var poll = Busy(task => task.OnMissed(MissedSlots.RunAll), takes: 1);
        poll.Add("a", "b");
        poll.Advance(9);
        poll.Script.Runs.Clear();

        poll.Host.Sleep(31.Seconds); // slots 10 to 40 of a, 11 to 31 of b
        poll.Advance(6);

        Assert.Equal(["a", "b", "a", "b", "a", "b", "a"], poll.Script.Runs.Select(run => run.Key).Take(7));
    }

    [Fact]
    public void One_that_is_removed_while_it_waits_with_runs_to_start_drops_them_and_takes_no_place_along()
    {
        using var poll = Busy(task => task.OnOverlap(Overlap.BufferOne));
        poll.Add("a", "b", "c");
        poll.Advance(25); // b runs; c waits for its first turn, and then a for its second

        Assert.True(poll.Keys.TryRemove("a"));
        poll.Host.Settle();

        var dropped = poll.Ended("a")[^1].Record;
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.Removed, 10),
            (dropped.Outcome, dropped.Reason, Second(dropped.Slot)));
        Assert.Equal(LoopEnd.Removed, Assert.Single(poll.Host.Observer.Of(LoopEventKind.LoopEnded)).End);
        poll.Advance(74);
        Assert.Equal([("a", 0), ("b", 20), ("c", 40), ("b", 60), ("c", 80)], poll.Script.Runs);
        Assert.True(poll.Keys.TryAdd("a")); // nothing is left of the first
        poll.Advance(41);
        Assert.Contains(poll.Script.Runs, run => run is { Key: "a", Second: > 80 });
    }

    [Fact]
    public async Task A_host_that_stops_waits_for_those_that_wait_with_runs_to_start()
    {
        using var poll = Busy(task => task.OnOverlap(Overlap.BufferOne));
        poll.Add("a", "b", "c");
        poll.Advance(25);

        var stopping = poll.Host.StopHost();
        poll.Host.Settle();
        poll.Host.Wait(stopping);
        await stopping;

        Assert.Equal(3, poll.Host.Observer.Of(LoopEventKind.LoopEnded).Count());
        Assert.Equal(OutcomeReason.HostStopping, poll.Ended("a")[^1].Record.Reason);
        Assert.Equal(OutcomeReason.HostStopping, poll.Ended("b")[^1].Record.Reason);
    }

    [Fact]
    public void A_key_that_gets_a_handle_while_it_waits_with_runs_to_start_keeps_its_turn()
    {
        using var poll = Busy(task => task.OnOverlap(Overlap.BufferOne));
        poll.Add("a", "b", "c");
        poll.Advance(25);

        poll.Pin("a");
        poll.Advance(94);

        Assert.Equal([("a", 0), ("b", 20), ("c", 40), ("a", 60), ("b", 80), ("c", 100)], poll.Script.Runs);
    }

    [Fact]
    public void A_limit_that_is_lowered_holds_as_soon_as_running_iterations_have_ended()
    {
        using var poll = Busy(task => task.OnOverlap(Overlap.BufferOne),
            settings: new() { ["RecurringTasks:poll:Concurrency"] = "3" });
        poll.Add("a", "b", "c");
        poll.Advance(5);
        Assert.Equal(3, poll.Script.Runs.Count);

        poll.Host.Configuration["RecurringTasks:poll:Concurrency"] = "1";
        poll.Host.Configuration.Reload();
        poll.Host.Settle();
        poll.Advance(94);

        Assert.Equal([20, 40, 60, 80], poll.Script.Runs.Skip(3).Select(run => run.Second));
        Assert.Equal(3, poll.Script.Runs.Skip(3).Take(3).Select(run => run.Key).Distinct().Count());
    }

    private static PollHost Busy(
        Action<IRecurringTaskBuilder> configure, int takes = 20, Dictionary<string, string?>? settings = null)
    {
        var poll = new PollHost(
            task =>
            {
                configure(task.Every(10.Seconds));
                if (settings is null)
                    task.Concurrency(1);
            },
            settings);
        poll.Script.Step = (_, iteration, token) => new(Steps.Wait(iteration, takes.Seconds, token));
        return poll;
    }

    private static int Second(DateTimeOffset slot) => (int)(slot - LoopHost.Start).TotalSeconds;
}
