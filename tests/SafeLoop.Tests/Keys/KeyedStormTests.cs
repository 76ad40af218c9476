using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Keys;

/// <summary>
/// Several threads do everything at once that can be done to a keyed task: no place is lost, and the host stops in the middle.
/// </summary>
public class KeyedStormTests
{
    private const int Keys = 12;

    [Theory]
    [InlineData(1)]
    public async Task After_a_storm_every_place_is_free_and_every_key_runs(int seed)
    {
        var counts = new Counts();
        using var host = Build(counts);
        await host.StartAsync();
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Counted, int>>();
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(
            thread => Task.Run(() => Storm(keys, configuration, new Random((seed * 100) + thread), turns: 2_000))));
        Assert.Equal(0, counts.Overlaps);
        Set(configuration, "2");
        for (var key = 0; key < Keys; key++)
        {
            keys.TryAdd(key);
            keys.Find(key)?.Resume();
            keys.Find(key)?.Start();
        }
        keys.Resume();
        for (var key = 0; key < Keys; key++)
            await counts.RunsAgain(key).WaitAsync(ThreadedLoopHost.Patience);

        var (pool, rows) = (((KeyedLoops<int>)keys).Runners, ((KeyedLoops<int>)keys).Rows);
        foreach (var key in keys.Keys)
            keys.TryRemove(key);
        Assert.True(
            SpinWait.SpinUntil(() => (pool.Running, pool.Busy, rows.All().Count()) == default, ThreadedLoopHost.Patience / 10),
            $"{pool.Running} places, {pool.Busy} runners and {rows.All().Count()} rows are lost.");
        await host.StopAsync();
    }

    [Theory]
    [InlineData(1)]
    public async Task A_host_stops_in_the_middle_of_a_storm(int seed)
    {
        var counts = new Counts();
        using var host = Build(counts);
        await host.StartAsync();
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Counted, int>>();
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        var storm = Task.WhenAll(Enumerable.Range(0, 3).Select(
            thread => Task.Run(() => Storm(keys, configuration, new Random((seed * 1000) + thread), turns: 2_000))));

        await counts.RunsAgain(0).WaitAsync(ThreadedLoopHost.Patience);
        await host.StopAsync(new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token);

        Assert.Equal((0, 0), (counts.Overlaps, counts.Running));
        await storm;
        Assert.Equal(0, counts.Running);
    }

    private static void Storm(
        IRecurringTaskKeys<Counted, int> keys, IConfigurationRoot configuration, Random random, int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            var key = random.Next(Keys);
            switch (random.Next(100))
            {
                case < 35: keys.TryAdd(key); break;
                case < 65: keys.TryRemove(key); break;
                case < 70: keys.Find(key)?.Pause(); break;
                case < 75: keys.Find(key)?.Resume(); break;
                case < 82: _ = keys.Find(key)?.RunNowAsync(); break;
                case < 85: keys.Find(key)?.Stop(); break;
                case < 89: keys.Find(key)?.Start(); break;
                case < 92: _ = keys.Find(key)?.ChangeAsync(static options => options.Every = TimeSpan.FromMilliseconds(2)); break;
                case < 93: keys.Pause(); keys.Resume(); break;
                case < 94: Set(configuration, random.Next(3) is > 0 and var limit ? $"{limit}" : null); break;
                case < 97: _ = keys.Find(key)?.Snapshot(); break;
                default: Thread.Yield(); break;
            }
        }
    }

    private static void Set(IConfigurationRoot configuration, string? limit)
    {
        lock (configuration)
        {
            configuration["RecurringTasks:counted:Concurrency"] = limit;
            configuration.Reload();
        }
    }

    private static IHost Build(Counts counts)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection();
        builder.Services.AddSingleton(counts);
        builder.Services.AddRecurringTask<Counted, int>().Every(TimeSpan.FromMilliseconds(1)).AsSingleton();
        return builder.Build();
    }

    private sealed class Counted(Counts counts) : IRecurringTask<int>
    {
        public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
        {
            counts.Enter(key);
            if (iteration.Number % 3 == 0)
                await Task.Yield();
            counts.Leave(key);
        }
    }

    private sealed class Counts
    {
        private readonly int[] _running = new int[Keys];
        private readonly TaskCompletionSource?[] _awaited = new TaskCompletionSource?[Keys];
        private int _overlaps;

        public int Overlaps => _overlaps;

        public int Running => _running.Sum();

        public Task RunsAgain(int key) =>
            (_awaited[key] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Enter(int key)
        {
            if (Interlocked.Increment(ref _running[key]) > 1)
                Interlocked.Increment(ref _overlaps);
        }

        public void Leave(int key)
        {
            Interlocked.Decrement(ref _running[key]);
            _awaited[key]?.TrySetResult();
        }
    }
}
