using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

/// <summary>Stopping and starting at random points, on real threads and the real clock.</summary>
public class StopAndStartThreadTests
{
    [Theory]
    [InlineData(1, "sync")]
    [InlineData(2, "pool")]
    [InlineData(3, "until cancelled")]
    [InlineData(4, "locked")]
    public void A_thousand_cycles_at_random_points_run_one_loop_at_a_time_and_leave_nothing_running(int seed, string kind)
    {
        var (running, most, calls) = (0, 0, 0);
        async ValueTask Step(Iteration iteration, CancellationToken token)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Interlocked.Increment(ref calls);
            try
            {
                if (kind is "pool" or "locked")
                    await Task.Yield();
                if (kind == "until cancelled")
                    await Cancelled.By(token);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        using var host = ThreadedLoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("task", Step).WithDelay(TimeSpan.FromMilliseconds(1));
            if (kind == "locked")
                task.WithLock("lock", LockHeld.Wait, TimeSpan.FromSeconds(1));
        }, TimeProvider.System);
        var handle = host["task"];
        var random = new Random(seed);
        var loops = new List<Task<LoopEnd>>();
        for (var cycle = 0; cycle < 1000; cycle++)
        {
            loops.Add(handle.Completion);
            Spin(random);
            handle.Stop();
            if (random.Next(4) == 0)
                ThreadedLoopHost.Wait(handle.Completion);
            else
                Spin(random);
            handle.Start();
        }
        handle.Stop();
        loops.Add(handle.Completion);

        ThreadedLoopHost.Wait(Task.WhenAll(loops));
        Assert.All(loops, loop => Assert.Equal(LoopEnd.Stopped, loop.Result));
        Assert.Equal((0, 1), (running, most));
        Assert.True(calls > 10, "Too little happened.");
        Assert.Equal(1001, host.Observer.Of(LoopEventKind.LoopEnded).Count);
        Assert.Equal(handle.Snapshot().Iterations,
            host.Observer.Of(LoopEventKind.IterationEnded).Count(e => e.Record.Number > 0));
        Assert.Equal(0, host.Services.GetRequiredService<Pacemaker>().Armed);
    }

    [Fact]
    public void Threads_that_stop_and_start_one_task_at_the_same_time_run_one_loop_at_a_time()
    {
        var (running, most) = (0, 0);
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        }).WithDelay(TimeSpan.FromMilliseconds(1)), TimeProvider.System);
        var handle = host["task"];

        var threads = Enumerable.Range(1, 3).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var n = 0; n < 500; n++)
            {
                Spin(random);
                switch (random.Next(5))
                {
                    case 0: handle.Start(); break;
                    case 1: handle.Stop(); break;
                    case 2: handle.Pause(); break;
                    case 3: handle.Resume(); break;
                    default: _ = handle.RunNowAsync(); break;
                }
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        handle.Resume();
        handle.Start();
        var ran = handle.Snapshot().Succeeded;
        // The runs that still waited, and more.
        host.Observer.WaitFor(LoopEventKind.IterationEnded, host.Observer.Of(LoopEventKind.IterationEnded).Count + 500);
        Assert.True(handle.Snapshot().Succeeded > ran, "It no longer runs.");
        ThreadedLoopHost.Wait(host.StopHost());

        Assert.Equal((0, 1), (running, most));
        Assert.True(handle.Completion.IsCompleted);
        Assert.Equal(host.Observer.Of(LoopEventKind.LoopStarted).Count, host.Observer.Of(LoopEventKind.LoopEnded).Count);
    }

    private static void Spin(Random random)
    {
        if (random.Next(3) == 0)
            Thread.SpinWait(random.Next(200_000));
    }
}
