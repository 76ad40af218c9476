using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace SafeLoop.Tests.Memory;

[Collection(Bytes.Name)]
public class TaskBytesTests
{
    private const int Tasks = 300;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_task_with_a_full_history_weighs_at_most_6_KB() => // of which 2 KB are the history
        Assert.InRange(await Bytes.MedianAsync(WeighAddedAsync), 64 * 32, 6 * 1024);

    [Fact]
    public async Task A_task_that_is_registered_weighs_no_more() => // and its part of the host, which varies by 60
        Assert.InRange(await Bytes.MedianAsync(WeighRegisteredAsync), 64 * 32, 6 * 1024 + 256);

    [Fact]
    public async Task Adding_and_removing_100_000_tasks_leaves_nothing()
    {
        await using var host = await RealHost.StartAsync(services => { });
        for (var i = 0; i < 1_000; i++)
            await AddRunAndRemoveAsync(host, $"task {i}");
        var before = Bytes.Alive();
        for (var i = 0; i < 99_000; i++)
            await AddRunAndRemoveAsync(host, $"task {i}");

        Assert.Empty(host.Tasks.All);
        Assert.InRange(Bytes.Alive() - before, long.MinValue, 200_000);
    }

    [Fact]
    public async Task Thousands_of_reloads_leak_neither_bytes_nor_registrations()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection([new("RecurringTasks:task:Every", "01:00:00")]).Build();
        var configuration = new CountingConfiguration(root);
        var changes = new CountingChanges();
        await using var host = await RealHost.StartAsync(services =>
        {
            services.AddSingleton<IConfiguration>(configuration).AddSingleton<IRecurringTaskObserver>(changes);
            services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask);
        });
        Reload(root, 1_000);
        await host.Tasks["task"].ChangeAsync(_ => { }); // the loop has read all of them
        var before = Bytes.Alive();
        Reload(root, 5_000);
        await host.Tasks["task"].ChangeAsync(_ => { });

        Assert.InRange(Bytes.Alive() - before, long.MinValue, 100_000); // 24 bytes each would be 120,000
        Assert.Equal(1, configuration.Registrations);
        Assert.Equal(1, changes.Loops);
        Assert.InRange(changes.Changes, 2, 6_002); // those that come together are one
    }

    private static async Task<double> WeighAddedAsync()
    {
        await using var host = await RealHost.StartAsync(services => { });
        await AddRunAndRemoveAsync(host, "warm up");
        var before = Bytes.Alive();
        for (var i = 0; i < Tasks; i++)
            Add(host, $"task {i}");
        await FillHistoriesAsync(host);
        return (Bytes.Alive() - before) / (double)Tasks;
    }

    private static async Task<double> WeighRegisteredAsync()
    {
        await using (var warmUp = await RealHost.StartAsync(services => Register(services, "warm up")))
            await warmUp.Tasks["warm up"].RunNowAsync();
        var before = Bytes.Alive();
        await using var host = await RealHost.StartAsync(services =>
        {
            for (var i = 0; i < Tasks; i++)
                Register(services, $"task {i}");
        });
        await FillHistoriesAsync(host);
        return (Bytes.Alive() - before) / (double)Tasks;
    }

    private static async Task FillHistoriesAsync(RealHost host)
    {
        foreach (var task in host.Tasks.All)
        {
            for (var run = 0; run < 64; run++)
                await task.RunNowAsync();
        }
        Assert.All(host.Tasks.All, task => Assert.Equal(64, task.History.Count));
    }

    private static void Reload(IConfigurationRoot root, int times)
    {
        for (var i = 0; i < times; i++)
        {
            root["RecurringTasks:task:Every"] = i % 2 == 0 ? "02:00:00" : "01:00:00";
            root.Reload();
        }
    }

    private static RecurringTaskHandle Add(RealHost host, string name) =>
        host.Tasks.Add(name, task => Schedule(task.Step("step", (_, _) => ValueTask.CompletedTask)));

    private static void Register(IServiceCollection services, string name) =>
        Schedule(services.AddRecurringTask(name, (_, _) => ValueTask.CompletedTask));

    private static void Schedule(IRecurringTaskBuilder task) => task.Every(Hour).StartAfter(Hour).WithTimeout(Hour);

    private static async Task AddRunAndRemoveAsync(RealHost host, string name)
    {
        var task = Add(host, name);
        host.Tasks.Remove(name);
        await task.Completion;
    }

    private sealed class CountingChanges : IRecurringTaskObserver
    {
        private int _loops;
        private int _changes;

        public int Loops => _loops;

        public int Changes => _changes;

        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent.Kind is LoopEventKind.LoopStarted)
                Interlocked.Increment(ref _loops);
            if (loopEvent.Kind is LoopEventKind.Changed)
                Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>Counts who waits for a reload.</summary>
    private sealed class CountingConfiguration(IConfiguration inner) : IConfiguration
    {
        public int Registrations { get; private set; }

        public string? this[string key]
        {
            get => inner[key];
            set => inner[key] = value;
        }

        public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren();

        public IConfigurationSection GetSection(string key) => inner.GetSection(key);

        public IChangeToken GetReloadToken() => new Token(this, inner.GetReloadToken());

        private sealed class Token(CountingConfiguration owner, IChangeToken token) : IChangeToken
        {
            public bool ActiveChangeCallbacks => token.ActiveChangeCallbacks;

            public bool HasChanged => token.HasChanged;

            public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
            {
                owner.Registrations++;
                return token.RegisterChangeCallback(
                    _ =>
                    {
                        owner.Registrations--; // a token fires once
                        callback(state);
                    },
                    null);
            }
        }
    }
}
