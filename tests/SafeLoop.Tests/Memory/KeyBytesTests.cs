using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Memory;

[Collection(Bytes.Name)]
public class KeyBytesTests
{
    private const int Keys = 100_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_parked_key_weighs_less_than_half_a_periodic_timer_loop_and_leaves_nothing_when_it_goes()
    {
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask<Wait, long>().Every(Hour).StartAfter(Hour).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<Wait, long>>();
        AddAndRemove(keys, 10_000);
        var before = Bytes.Alive();

        for (var key = 0L; key < Keys; key++)
            keys.TryAdd(key);
        var each = (Bytes.Alive() - before) / Keys;
        for (var key = 0L; key < Keys; key++)
            keys.TryRemove(key);
        var left = Bytes.Alive() - before;

        Assert.InRange(each, 100, 449 / 2); // what a loop on a PeriodicTimer weighs, measured beside it in benchmarks/SafeLoop.Scale
        Assert.InRange(left, long.MinValue, 200_000);
    }

    [Fact]
    public async Task Iterations_of_many_keys_allocate_nothing()
    {
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask<Count, long>().Every(TimeSpan.FromMilliseconds(10)).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<Count, long>>();
        for (var key = 0L; key < 1_000; key++)
            keys.TryAdd(key);
        await Count.Reaches(50_000);
        var (before, runs) = (Bytes.Allocated(), Count.Runs);
        await Count.Reaches(runs + 200_000);

        Assert.InRange(Bytes.Allocated() - before, 0, 2_000_000); // runners that are new; 24 bytes each time would be 4.8 million
    }

    private static void AddAndRemove(IRecurringTaskKeys<Wait, long> keys, int count)
    {
        for (var key = 0L; key < count; key++)
            keys.TryAdd(key);
        for (var key = 0L; key < count; key++)
            keys.TryRemove(key);
    }

    private sealed class Wait : IRecurringTask<long>
    {
        public ValueTask RunAsync(long key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Count : IRecurringTask<long>
    {
        private static long _runs;
        private static long _goal = long.MaxValue;
        private static TaskCompletionSource _reached = new();

        public static long Runs => Volatile.Read(ref _runs);

        public static Task Reaches(long runs)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _goal, runs);
            return _reached.Task.WaitAsync(ThreadedLoopHost.Patience);
        }

        public ValueTask RunAsync(long key, Iteration iteration, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _runs) >= Volatile.Read(ref _goal))
                _reached.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
