using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Keys;

/// <summary>Keys come and go on real threads while their loops run.</summary>
public class KeyedRaceTests
{
    private const int Keys = 40;

    [Theory]
    [InlineData(1, null, Overlap.Skip)]
    [InlineData(2, 3, Overlap.Skip)]
    [InlineData(3, 3, Overlap.BufferAll)]
    public async Task However_keys_come_and_go_no_two_loops_of_one_run_and_none_is_lost(int seed, int? limit, Overlap overlap)
    {
        // Longer than the period, so that runs wait in buffers.
        var guard = new Guard { Spins = overlap is Overlap.Skip ? 0 : 200_000 };
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(guard);
        builder.Services.AddRecurringTask<Guarded, int>().Every(TimeSpan.FromMilliseconds(1)).AsSingleton().OnOverlap(overlap)
            .Configure(options => options.Concurrency = limit);
        using var host = builder.Build();
        await host.StartAsync();
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Guarded, int>>();

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(thread => Task.Run(() => ComeAndGo(keys, new Random((seed * 100) + thread)))));

        Assert.Equal(0, guard.Overlaps);
        foreach (var key in keys.Keys)
            keys.Find(key)?.Resume();
        foreach (var key in keys.Keys)
            await guard.RunsAgain(key).WaitAsync(ThreadedLoopHost.Patience);
        await host.StopAsync();
        Assert.Equal(0, guard.Running);
    }

    private static void ComeAndGo(IRecurringTaskKeys<Guarded, int> keys, Random random)
    {
        for (var i = 0; i < 20_000; i++)
        {
            var key = random.Next(Keys);
            switch (random.Next(100))
            {
                case < 45: keys.TryAdd(key); break;
                case < 90: keys.TryRemove(key); break;
                case < 92: keys.Find(key)?.Pause(); break;
                case < 96: keys.Find(key)?.Resume(); break;
                case < 97: _ = keys.Find(key)?.RunNowAsync(); break;
                case < 98: keys.Pause(); keys.Resume(); break;
                default: Thread.Yield(); break;
            }
        }
    }

    private sealed class Guarded(Guard guard) : IRecurringTask<int>
    {
        public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
        {
            guard.Enter(key);
            Thread.SpinWait(guard.Spins);
            if (iteration.Number % 2 == 0)
                await Task.Yield();
            guard.Leave(key);
        }
    }

    private sealed class Guard
    {
        private readonly int[] _running = new int[Keys];
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _awaited = new();
        private int _overlaps;

        public int Spins { get; init; }

        public int Overlaps => _overlaps;

        public int Running => _running.Sum();

        public Task RunsAgain(int key) =>
            _awaited.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Enter(int key)
        {
            if (Interlocked.Increment(ref _running[key]) > 1)
                Interlocked.Increment(ref _overlaps);
        }

        public void Leave(int key)
        {
            Interlocked.Decrement(ref _running[key]);
            if (_awaited.TryGetValue(key, out var awaited))
                awaited.TrySetResult();
        }
    }
}
