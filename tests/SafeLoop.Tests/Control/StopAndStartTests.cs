using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Control;

/// <summary>A loop can be stopped and started again, in whatever state it is.</summary>
public class StopAndStartTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public void A_stopped_loop_runs_nothing_and_a_started_one_goes_on_with_its_history()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second));
        host.Advance(Second * 2);
        host["task"].Stop();
        host.Advance(Second * 10);
        Assert.Equal((3, RecurringTaskState.Ended), (host.Records().Count, host["task"].State));

        host["task"].Start();
        host.Advance(Second * 2);
        Assert.Equal([1, 2, 3, 4, 5, 6], host.Records().Select(record => record.Number));
        Assert.Equal(RecurringTaskState.Waiting, host["task"].State);
    }

    [Fact]
    public void Start_does_nothing_while_the_loop_runs()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second));
        host["task"].Start();
        host["task"].Start();
        host.Advance(Second);

        Assert.Equal(2, host.Records().Count);
        Assert.Single(host.Observer.Of(LoopEventKind.LoopStarted));
    }

    [Fact]
    public void Start_during_the_end_never_runs_two_loops()
    {
        var running = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", async (_, _) =>
        {
            Assert.Equal(1, ++running);
            await _gate.Task;
            running--;
        }).Every(Second));
        var first = host["task"].Completion;
        for (var n = 0; n < 5; n++)
        {
            host["task"].Stop();
            host["task"].Start();
        }
        host.Advance(Second * 5);
        Assert.Equal(RecurringTaskState.Running, host["task"].State); // the one that is ending
        Assert.Equal(1, running);

        host.Release(_gate);
        host.Wait(first);
        host.WaitFor(LoopEventKind.LoopEnded, 5);
        host.WaitFor(LoopEventKind.LoopStarted, 6);
        host.Advance(Second);
        Assert.Equal(0, host["task"].Snapshot().Failed);
        Assert.True(host["task"].Snapshot().Succeeded >= 1);
    }

    [Fact]
    public void Completion_ends_with_each_loop_and_a_started_one_has_a_new_one()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second));
        var first = host["task"].Completion;
        host["task"].Stop();
        host.Wait(first);
        host["task"].Start();

        Assert.NotSame(first, host["task"].Completion);
        Assert.False(host["task"].Completion.IsCompleted);
    }

    [Fact]
    public void Stop_before_the_start_ends_a_loop_that_has_run_nothing()
    {
        using var host = new LoopHost(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second));
        host.StartHost();
        var added = host.Tasks.Add("other", task => task.Step("step", (_, _) => ValueTask.CompletedTask).Every(Second));
        added.Stop();
        host.Advance(Second);

        Assert.Equal(LoopEnd.Stopped, host.EndOf("other"));
        Assert.Empty(host.Records("other"));
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
            .AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second).WithLock("lock"));
        host["task"].Stop();
        host.Settle();
        Assert.False(host["task"].Completion.IsCompleted);
        host.Do(() => answer.SetResult(false));

        Assert.Equal(LoopEnd.Stopped, host.EndOf("task"));
    }

    [Fact]
    public void The_first_reason_to_end_counts()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => new(_gate.Task)).Every(Second));
        host["task"].Stop("one");
        host["task"].Stop("two");
        host.Release(_gate);

        Assert.Equal("one", host["task"].Snapshot().StateReason);
    }
}
