using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>
/// A step that awaits the stop of the host cannot end before it. The stop waits for all other loops, and does not log this step
/// as one that ignores its token.
/// </summary>
public class StopFromWithinTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TaskCompletionSource _meeting = new();
    private readonly TaskCompletionSource _allHaveStopped = new();
    private int _haveMet;
    private int _haveStopped;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("step")]
    [InlineData("after an await")]
    [InlineData("singleton")]
    [InlineData("drain")]
    [InlineData("parallel")]
    [InlineData("while")]
    [InlineData("until")]
    [InlineData("handler")]
    public void The_stop_ends_at_once(string who)
    {
        LoopHost host = null!;
        host = new LoopHost(services =>
        {
            services.AddRecurringTask("other", (_, token) => Cancelled.By(token)).Every(Hour);
            var task = services.AddRecurringTask("last", async (_, _) =>
            {
                if (who == "after an await")
                    await Task.Yield();
                if (who is not ("while" or "until" or "handler"))
                    await StopAsync(host.Services);
                if (who == "handler")
                    throw new FormatException();
            }).Every(Hour);
            _ = who switch
            {
                "singleton" => task.AsSingleton(),
                "drain" => task.DrainFor(Hour),
                "parallel" => task.OnOverlap(Overlap.Allow),
                "while" => task.While(async _ => { await StopAsync(host.Services); return true; }),
                "until" => task.Until(async _ => { await StopAsync(host.Services); return false; }),
                "handler" => task.OnFailure(_ => new ValueTask(StopAsync(host.Services))),
                _ => task,
            };
        });
        using (host)
        {
            host.StartHost();
            host.Wait(_stopped.Task);
            host.Wait(host["last"].Completion);

            Assert.Equal(OutcomeReason.HostStopping, Assert.Single(host.Records("other")).Reason);
            Assert.DoesNotContain(
                host.Logs.Lines, line => line.Level > (who == "handler" ? LogLevel.Warning : LogLevel.Information));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_may_stop_the_host_too(bool hasHandle)
    {
        using var poll = new PollHost(task => task.Every(Hour));
        var others = 0;
        poll.Script.Step = async (key, iteration, token) =>
        {
            if (key == "a" && iteration.Number == (hasHandle ? 2 : 1))
                await StopAsync(poll.Host.Services);
            else if (key == "b" && Interlocked.Increment(ref others) == 1)
                await Cancelled.By(token);
        };
        poll.Add("b", "a");
        if (hasHandle)
            _ = poll.Keys.Find("a")!.RunNowAsync();
        poll.Host.Wait(_stopped.Task);

        Assert.DoesNotContain(poll.Host.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public void Several_steps_may_stop_the_host_at_once()
    {
        LoopHost host = null!;
        host = new LoopHost(services =>
        {
            foreach (var name in new[] { "first", "second", "third" })
                services.AddRecurringTask(name, (_, _) => StopTogetherAsync(host.Services)).Every(Hour);
        });
        using (host)
        {
            host.StartHost();
            host.Wait(_allHaveStopped.Task);

            Assert.DoesNotContain(host.Logs.Lines, line => line.Level > LogLevel.Information);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_keys_may_too(bool haveHandles)
    {
        using var poll = new PollHost(task => task.Every(Hour).StartAfter(haveHandles ? Hour : TimeSpan.Zero));
        poll.Script.Step = (_, _, _) => StopTogetherAsync(poll.Host.Services);
        poll.Add("a", "b", "c");
        if (haveHandles)
            _ = new[] { "a", "b", "c" }.Select(key => poll.Keys.Find(key)!.RunNowAsync()).ToArray();
        poll.Host.Wait(_allHaveStopped.Task);

        Assert.DoesNotContain(poll.Host.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public void Work_that_an_iteration_left_behind_does_not_count_as_the_loop_once_it_is_over()
    {
        var go = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        Task? stop = null;
        LoopHost host = null!;
        host = new LoopHost(services =>
        {
            services.AddRecurringTask("starts", (_, _) => { stop = StopLaterAsync(); return default; }).Every(Hour);
            services.AddRecurringTask("drains", (_, _) => new(gate.Task)).Every(Hour).DrainFor(Hour);
        });
        using (host)
        {
            host.StartHost();
            host.Release(go);
            Assert.False(stop!.IsCompleted);
            host.Release(gate);
            host.Wait(stop);
        }

        async Task StopLaterAsync()
        {
            await go.Task;
            await StopAsync(host.Services);
        }
    }

    [Fact]
    public void The_hosts_own_stop_waits_for_the_step_that_requested_one()
    {
        var gate = new TaskCompletionSource();
        LoopHost host = null!;
        host = new LoopHost(services => services.AddRecurringTask("last", async (_, _) =>
        {
            await StopAsync(host.Services);
            await gate.Task; // after the stop
        }).Every(Hour));
        using (host)
        {
            host.StartHost();
            host.Wait(_stopped.Task);
            var stopped = host.StopHost();
            Assert.False(stopped.IsCompleted);
            host.Release(gate);
            host.Wait(stopped);
        }
    }

    // Three steps meet, or the first stop would keep the others from starting.
    private async ValueTask StopTogetherAsync(IServiceProvider services)
    {
        if (++_haveMet == 3)
            _meeting.SetResult();
        await _meeting.Task;
        await StopAsync(services);
        if (++_haveStopped == 3)
            _allHaveStopped.SetResult();
    }

    private async Task StopAsync(IServiceProvider services)
    {
        await services.GetRequiredService<IHost>().StopAsync();
        _stopped.TrySetResult();
    }
}
