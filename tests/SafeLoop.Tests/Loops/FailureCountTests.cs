using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Loops;

/// <summary>After a start, a resume or a change failures count from zero, because an operator has acted on them.</summary>
public class FailureCountTests
{
    private bool _fails = true;

    [Fact]
    public void After_a_resume_it_takes_as_many_failures_again_to_pause()
    {
        using var host = Run(task => task.Every(1.Seconds).PauseAfterFailures(3));
        host.Advance(5.Seconds);
        host["t"].Resume();
        Assert.Equal(0, host["t"].Snapshot().ConsecutiveFailures);
        host.Advance(2.Seconds);

        Assert.Equal((RecurringTaskState.Waiting, 2), (host["t"].State, host["t"].Snapshot().ConsecutiveFailures));
        host.Advance(1.Seconds);
        Assert.Equal((RecurringTaskState.Paused, 6), (host["t"].State, host["t"].Snapshot().Failed));
    }

    [Fact]
    public void A_resume_of_a_task_that_is_not_paused_does_nothing()
    {
        using var host = Run(task => task.Every(1.Seconds));
        host.Advance(2.Seconds);
        host["t"].Resume();
        host.Settle();

        Assert.Equal(3, host["t"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public void After_a_start_it_takes_as_many_failures_again_to_stop()
    {
        using var host = Run(task => task.Every(1.Seconds).StopAfterFailures(3));
        host.Advance(5.Seconds);
        host["t"].Start();
        host.Advance(1.Seconds);

        Assert.False(host["t"].Completion.IsCompleted);
        Assert.Equal((5, 2), ((int)host["t"].Snapshot().Failed, host["t"].Snapshot().ConsecutiveFailures));
        host.Advance(1.Seconds);
        Assert.Equal(LoopEnd.Failures, host["t"].Snapshot().End);
    }

    [Theory]
    [InlineData("schedule")]
    [InlineData("other")]
    [InlineData("reload")]
    public void After_a_change_failures_count_from_zero(string what)
    {
        using var host = Run(task => task.Every(1.Seconds).StopAfterFailures(4));
        host.Advance(2.Seconds);
        if (what == "reload")
            Reload(host, "RecurringTasks:t:Timeout");
        else
            _ = host["t"].ChangeAsync(
                options => (options.HistoryLength, options.Every) = what == "other" ? (10, options.Every) : (64, 2.Seconds));
        host.Settle();
        Assert.Equal(0, host["t"].Snapshot().ConsecutiveFailures);
        host.Advance(2.Seconds);

        Assert.False(host["t"].Completion.IsCompleted);
    }

    [Fact]
    public void A_back_off_ends_with_the_failures_it_counts()
    {
        using var host = Run(task => task.Every(1.Seconds).BackOff(100.Seconds, 100.Seconds));
        host.Advance(10.Seconds);
        _fails = false;
        _ = host["t"].ChangeAsync(options => options.Timeout = 5.Seconds);
        host.Advance(2.Seconds);

        Assert.InRange(host["t"].Snapshot().Succeeded, 2, 3);
    }

    [Fact]
    public void What_a_task_is_paused_for_is_not_forgotten_by_a_change()
    {
        using var host = Run(task => task.Every(1.Seconds).PauseAfterFailures(3).SucceedWithin(1.Minutes));
        host.Advance(5.Seconds);
        _ = host["t"].ChangeAsync(options => options.Timeout = 5.Seconds);
        host.Settle();

        Assert.Equal((RecurringTaskState.Paused, 3), (host["t"].State, host["t"].Snapshot().ConsecutiveFailures));
    }

    [Fact]
    public void The_keys_of_a_task_count_from_zero_after_a_reload()
    {
        using var poll = new PollHost(task => task.Every(1.Seconds).StopAfterFailures(4).BackOff(2.Seconds, 100.Seconds));
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Add("a", "b");
        poll.Advance(10); // 0, 2, 6
        Assert.Equal(3, poll.Ended("a")[^1].ConsecutiveFailures);
        Reload(poll.Host, "RecurringTasks:poll:Timeout");
        poll.Advance(2);

        Assert.All(["a", "b"], key => Assert.InRange(poll.Ended(key)[^1].ConsecutiveFailures, 1, 2));
        Assert.DoesNotContain(poll.Host.Observer.Events, e => e.Kind is LoopEventKind.LoopEnded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_keys_of_a_task_count_from_zero_after_a_resume(bool running)
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(1.Seconds).StopAfterFailures(4));
        poll.Script.Step = async (_, iteration, _) =>
        {
            if (running && iteration.Number == 4)
                await gate.Task;
            throw new FormatException();
        };
        poll.Add("a");
        poll.Advance(running ? 3 : 2);
        poll.Keys.Pause();
        poll.Keys.Resume();
        if (running)
            poll.Host.Release(gate);
        poll.Advance(1);

        Assert.InRange(poll.Ended("a")[^1].ConsecutiveFailures, 1, 2);
        Assert.DoesNotContain(poll.Host.Observer.Events, e => e.Kind is LoopEventKind.LoopEnded);
    }

    private static void Reload(LoopHost host, string setting)
    {
        host.Configuration[setting] = "00:00:10";
        host.Configuration.Reload();
        host.Settle();
    }

    private LoopHost Run(Action<IRecurringTaskBuilder> configure) => LoopHost.Run(services =>
        configure(services.AddRecurringTask("t", (_, _) => _fails ? throw new FormatException() : default)));
}
