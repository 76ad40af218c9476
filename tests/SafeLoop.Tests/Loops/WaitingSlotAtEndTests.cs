using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Loops;

/// <summary>A slot that has come, but waits for its jitter or for a place, has an outcome too when its loop ends.</summary>
public class WaitingSlotAtEndTests
{
    [Theory]
    [InlineData("stop", IterationOutcome.Interrupted, OutcomeReason.Cancelled)]
    [InlineData("remove", IterationOutcome.Interrupted, OutcomeReason.Removed)]
    [InlineData("host", IterationOutcome.Interrupted, OutcomeReason.HostStopping)]
    public void Of_a_task(string how, IterationOutcome outcome, OutcomeReason reason)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 6 * * *")
            .WithJitter(12.Hours));
        host.Advance(6.Hours + 1.Seconds);
        Assert.Empty(host.Records());

        End(host, how, () => host["t"].Stop(), () => host.Tasks.Remove("t"));

        var record = Assert.Single(host.Records());
        Assert.Equal((outcome, reason, LoopHost.Start + 6.Hours), (record.Outcome, record.Reason, record.Slot));
    }

    [Fact]
    public void Of_a_loop_that_starts_again_it_is_not_run_twice()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Hours).WithJitter(1.Hours)
            .StartAfter(1.Hours));
        host.Advance(1.Hours + 1.Seconds);
        host["t"].Stop();
        host["t"].Start();
        host.Advance(10.Hours);

        Assert.Equal(OutcomeReason.Cancelled, host.Records()[0].Reason);
        Assert.Equal(host.Records().Count, host.Records().DistinctBy(record => record.Slot).Count());
    }

    [Fact]
    public void Of_a_paused_task_it_is_skipped_for_the_pause()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 6 * * *")
            .WithJitter(12.Hours));
        host["t"].Pause();
        host.Advance(6.Hours + 1.Seconds);
        host["t"].Stop();
        host.Wait(host["t"].Completion);

        Assert.Equal((IterationOutcome.Skipped, OutcomeReason.Paused),
            (Assert.Single(host.Records()).Outcome, host.Records()[0].Reason));
    }

    [Fact]
    public void Before_the_slot_there_is_none()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 6 * * *")
            .WithJitter(12.Hours));
        host.Advance(5.Hours);
        host.Wait(host.StopHost());

        Assert.Empty(host.Records());
    }

    [Theory]
    [InlineData("stop", OutcomeReason.Cancelled)]
    [InlineData("remove", OutcomeReason.Removed)]
    [InlineData("host", OutcomeReason.HostStopping)]
    public void Of_a_key(string how, OutcomeReason reason)
    {
        using var poll = new PollHost(task => task.Cron("0 6 * * *").WithJitter(12.Hours));
        poll.Add("a");
        poll.Host.Advance(6.Hours + 1.Seconds);

        End(poll.Host, how, () => poll.Keys.Find("a")!.Stop(), () => poll.Keys.TryRemove("a"));

        var record = Assert.Single(poll.Ended("a")).Record;
        Assert.Equal((IterationOutcome.Interrupted, reason, LoopHost.Start + 6.Hours),
            (record.Outcome, record.Reason, record.Slot));
        Assert.Empty(poll.Script.Runs);
    }

    [Fact]
    public void Of_keys_that_wait_for_a_place_with_all_their_slots()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(1).DrainFor(1.Hours));
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a", "b");
        poll.Host.Advance(25.Seconds);
        var stopped = poll.Host.StopHost();
        poll.Host.Release(gate);
        poll.Host.Wait(stopped);

        Assert.Equal(["a"], poll.Script.Runs.Select(run => run.Key));
        Assert.Equal((3, OutcomeReason.HostStopping),
            (poll.Ended("b").Sum(e => e.Record.Count), Assert.Single(poll.Ended("b")).Record.Reason));
    }

    private static void End(LoopHost host, string how, Action stop, Action remove)
    {
        if (how == "host")
            host.Wait(host.StopHost());
        else if (how == "stop")
            stop();
        else
            remove();
        host.Settle();
    }
}
