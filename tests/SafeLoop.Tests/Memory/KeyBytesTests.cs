using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Memory;

[Collection(Bytes.Name)]
public class KeyBytesTests
{
    private const int Keys = 100_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // A quarter of what a loop on a PeriodicTimer weighs, measured beside it in benchmarks/SafeLoop.Scale.
    [Fact]
    public async Task A_parked_key_weighs_a_quarter_of_a_periodic_timer_loop() =>
        Assert.InRange(await WeightAsync(task => task.Every(Hour)), 88, 449 / 4);

    [Fact]
    public async Task A_parked_key_leaves_nothing_when_it_goes()
    {
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask<Wait, long>().Every(Hour)
            .StartAfter(Hour).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<Wait, long>>();
        AddAndRemove(keys, 0, 10_000);
        var before = Bytes.Alive();
        AddAndRemove(keys, 0, Keys);

        Assert.InRange(Bytes.Alive() - before, long.MinValue, 200_000);
    }

    [Fact]
    public async Task A_parked_key_that_is_an_int_weighs_at_most_100_bytes() =>
        Assert.InRange(await Bytes.MedianAsync(WeighIntAsync), 88, 100);

    [Fact]
    public async Task To_look_at_keys_leaves_nothing_behind()
    {
        await using var host = await RealHost.StartAsync(
            services => services.AddRecurringTask<Wait, long>().Every(Hour).StartAfter(Hour).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<Wait, long>>();
        for (var key = 0L; key < Keys; key++)
            keys.TryAdd(key);
        Look(0);
        var before = Bytes.Alive();
        for (var key = 0L; key < Keys; key++)
            Look(key);

        Assert.InRange(Bytes.Alive() - before, long.MinValue, 200_000); // 2 bytes a key
        Assert.Equal(64, Unsafe.SizeOf<LoopState>());

        void Look(long key)
        {
            var handle = keys.Find(key)!;
            Assert.Equal((RecurringTaskState.Waiting, 0L), (handle.State, handle.Snapshot().Iterations));
            Assert.Equal((0, 1), (handle.History.Count, handle.UpcomingSlots(1).Count));
            if (key % 50_000 != 0)
                return;
            Assert.Equal((0, 0, 0), (keys.FindFailing(10).Count, keys.FindSlowest(10).Count, keys.FindPaused(10).Count));
            Assert.Equal(Keys, host.Tasks["wait"].Snapshot().Keys!.Count);
        }
    }

    [Fact]
    public async Task Iterations_of_many_keys_allocate_nothing()
    {
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask<Count, long>()
            .Every(TimeSpan.FromMilliseconds(10)).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<Count, long>>();
        for (var key = 0L; key < 1_000; key++)
            keys.TryAdd(key);
        await Count.Reaches(50_000);
        var (before, runs) = (Bytes.Allocated(), Count.Runs);
        await Count.Reaches(runs + 200_000);

        Assert.InRange(Bytes.Allocated() - before, 0, 2_000_000); // runners that are new; 24 bytes each time would be 4.8 million
    }

    [Fact]
    public async Task A_period_that_keys_share_costs_them_nothing()
    {
        var plain = await WeightAsync(task => task.Every(Hour));
        var own = await WeightAsync(task => task.Every(key => Hour + TimeSpan.FromMinutes(key % 100)));
        var cron = await WeightAsync(task => task.Cron(key => $"{key % 60} * * * *"));

        Assert.InRange(own - plain, double.MinValue, 4); // a reference would be 8
        Assert.InRange(cron - plain, double.MinValue, 4);
    }

    [Fact]
    public async Task Keys_that_come_and_go_with_ever_new_periods_leave_nothing()
    {
        // None runs within the test: the runners of a burst stay in the pool for a minute or two.
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask<Wait, long>()
            .Every(key => Hour + TimeSpan.FromMilliseconds(key)).StartAfter(Hour).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<Wait, long>>();
        AddAndRemove(keys, 0, 10_000);
        var before = Bytes.Alive();
        for (var round = 1; round <= 10; round++)
            AddAndRemove(keys, round * 10_000, 10_000);

        Assert.InRange(Bytes.Alive() - before, long.MinValue, 1_000_000); // 24 bytes for each would be 2.4 million
    }

    [Fact]
    public async Task A_period_that_no_other_key_has_costs_about_a_kilobyte()
    {
        var plain = await WeightAsync(task => task.Every(Hour));
        var own = await WeightAsync(task => task.Every(key => Hour + TimeSpan.FromMilliseconds(key)));

        Assert.InRange(own - plain, 100, 1536);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Iterations_of_keys_with_many_periods_allocate_nothing(bool hasExclusions)
    {
        await using var host = await RealHost.StartAsync(services =>
        {
            var task = services.AddRecurringTask<CountOwn, long>().Every(key => TimeSpan.FromMilliseconds(10 + (key % 100)))
                .AsSingleton();
            if (hasExclusions)
                task.Except(Exclusion.Cron("0 0 1 1 *"));
        });
        var keys = host.Get<IRecurringTaskKeys<CountOwn, long>>();
        for (var key = 0L; key < 1_000; key++)
            keys.TryAdd(key);
        await CountOwn.Reaches(CountOwn.Runs + 50_000);
        var (before, runs) = (Bytes.Allocated(), CountOwn.Runs);
        await CountOwn.Reaches(runs + 200_000);

        Assert.InRange(Bytes.Allocated() - before, 0, 2_000_000);
    }

    private static Task<double> WeightAsync(Action<IRecurringTaskBuilder<long>> configure) =>
        Bytes.MedianAsync(() => WeighOnceAsync(configure));

    private static async Task<double> WeighOnceAsync(Action<IRecurringTaskBuilder<long>> configure)
    {
        await using var host = await RealHost.StartAsync(
            services => configure(services.AddRecurringTask<Wait, long>().StartAfter(Hour).AsSingleton()));
        var keys = host.Get<IRecurringTaskKeys<Wait, long>>();
        AddAndRemove(keys, 0, 10_000);
        var before = Bytes.Alive();
        for (var key = 0L; key < Keys; key++)
            keys.TryAdd(key);
        return (Bytes.Alive() - before) / (double)Keys;
    }

    private static async Task<double> WeighIntAsync()
    {
        await using var host = await RealHost.StartAsync(
            services => services.AddRecurringTask<WaitOfInt, int>().Every(Hour).StartAfter(Hour).AsSingleton());
        var keys = host.Get<IRecurringTaskKeys<WaitOfInt, int>>();
        for (var key = 0; key < 10_000; key++)
            keys.TryAdd(-key);
        var before = Bytes.Alive();
        for (var key = 1; key <= Keys; key++)
            keys.TryAdd(key);
        return (Bytes.Alive() - before) / (double)Keys;
    }

    private static void AddAndRemove(IRecurringTaskKeys<Wait, long> keys, long first, int count)
    {
        for (var key = first; key < first + count; key++)
            keys.TryAdd(key);
        for (var key = first; key < first + count; key++)
            keys.TryRemove(key);
    }

    private sealed class Wait : IRecurringTask<long>
    {
        public ValueTask RunAsync(long key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class WaitOfInt : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
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

    private sealed class CountOwn : IRecurringTask<long>
    {
        private static long _runs;
        private static long _goal = long.MaxValue;
        private static TaskCompletionSource _reached = new();

        public static long Runs => Volatile.Read(ref _runs);

        public static Task Reaches(long runs)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _goal, runs);
            return _reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }

        public ValueTask RunAsync(long key, Iteration iteration, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _runs) >= Volatile.Read(ref _goal))
                _reached.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
