using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Each iteration starts in a clean execution context, whatever code started the loop or ran before.</summary>
public class CleanContextTests
{
    private static readonly AsyncLocal<string?> Ambient = new();

    private readonly List<(Activity?, string?)> _seen = [];
    private readonly Func<Iteration, CancellationToken, ValueTask> _look;

    public CleanContextTests() => _look = (_, _) =>
    {
        lock (_seen)
            _seen.Add((Activity.Current, Ambient.Value));
        return ValueTask.CompletedTask;
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_started_inside_an_activity_and_an_AsyncLocal_sees_neither(bool singleton)
    {
        using var activity = new Activity("caller").Start();
        Ambient.Value = "caller's";
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", _look).Every(TimeSpan.FromSeconds(1))
            .Configure(options => options.Singleton = singleton));
        host.Observer.WaitFor(LoopEventKind.IterationEnded);

        await host["task"].RunNowAsync().WaitAsync(ThreadedLoopHost.Patience);
        host["task"].Stop();
        host["task"].Start();
        host.Observer.WaitFor(LoopEventKind.IterationEnded, 3);
        host.Tasks.Add("other", task => task.Step("look", _look).Every(TimeSpan.FromSeconds(1)));
        host.Observer.WaitFor(LoopEventKind.IterationEnded, 4);
        await host["task"].ChangeAsync(options => options.Every = TimeSpan.FromSeconds(2)).WaitAsync(ThreadedLoopHost.Patience);
        await host["task"].RunNowAsync().WaitAsync(ThreadedLoopHost.Patience);

        Assert.True(_seen.Count >= 5);
        Assert.All(_seen, seen => Assert.Equal((null, null), seen));
        Assert.Same(activity, Activity.Current);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("async")]
    [InlineData("observer")]
    [InlineData("policy")]
    [InlineData("while")]
    [InlineData("handler")]
    public void What_is_left_in_an_AsyncLocal_is_gone_in_the_next_iteration(string who)
    {
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskObserver>(new Leaver(who == "observer"));
            var task = services.AddRecurringTask("task", async (iteration, token) =>
            {
                lock (_seen)
                    _seen.Add((Activity.Current, Ambient.Value));
                if (who == "async")
                    await Task.Yield();
                if (who is "sync" or "async")
                    Leave();
                if (who == "handler")
                    throw new FormatException();
            }).StopAfter(20).DelayBy(new LeavingPolicy(who == "policy"));
            if (who == "while")
                task.While(() => { Leave(); return true; });
            if (who == "handler")
                task.OnFailure(new Action<RecurringTaskFailure>(_ => Leave()));
        });
        ThreadedLoopHost.Wait(host["task"].Completion);

        Assert.Equal(20, _seen.Count);
        Assert.All(_seen, seen => Assert.Equal((null, null), seen));
    }

    private static void Leave()
    {
        Ambient.Value = "left";
        new Activity("left").Start();
    }

    private sealed class Leaver(bool leaves) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (leaves)
                Leave();
        }
    }

    /// <summary>The next slot is a tick after the last: at once.</summary>
    private sealed class LeavingPolicy(bool leaves) : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
        {
            if (leaves)
                Leave();
            return history.LastSlot?.AddTicks(1) ?? now.AddDays(-1);
        }
    }
}
