using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>Hosts in virtual time that share a store. Each has a clock of its own, and they advance together.</summary>
/// <param name="configure">Configures the keyed task; null: every 5 seconds, each missed slot.</param>
/// <param name="register">Registers further tasks; null: none.</param>
internal sealed class TestCluster(
    Action<IRecurringTaskBuilder<int>>? configure = null, Action<IServiceCollection>? register = null) : IDisposable
{
    public const int KeyCount = 24;

    // Work that arrives through the thread pool: it is there in a moment, or it waits for virtual time.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(20);

    private const int PoolTurns = 20;

    private readonly VirtualClock _time = new(LoopHost.Start);
    private readonly HashSet<string> _active = [];
    private MemoryShardStore? _store;
    private int _started;

    /// <summary>The clock is that of the server.</summary>
    public MemoryShardStore Store => _store ??= new(_time);

    public Tick.Journal Journal { get; } = new();

    public List<TestHost> Hosts { get; } = [];

    public RecurringTaskClusterOptions Options { get; } = new() { ShardCount = 16, OpeningBudget = 8 };

    /// <summary>What the source of the keyed task yields.</summary>
    public List<int> Keys { get; } = [.. Enumerable.Range(0, KeyCount)];

    /// <summary>The addresses that Orleans reports as active.</summary>
    public IReadOnlySet<string> Active
    {
        get
        {
            lock (_active)
                return new HashSet<string>(_active);
        }
    }

    /// <summary>True: messages between hosts are lost.</summary>
    public bool LosesMessages { get; set; }

    public double Second => (_time.GetUtcNow() - LoopHost.Start).TotalSeconds;

    /// <summary>Starts a host, and waits until it has joined.</summary>
    /// <param name="name">Its name. Each start is another process.</param>
    /// <param name="prepare">Prepares it before it joins.</param>
    /// <param name="change">Changes its options.</param>
    /// <param name="add">Registers tasks that only this host knows.</param>
    public TestHost Start(
        string name,
        Action<TestHost>? prepare = null,
        Action<RecurringTaskClusterOptions>? change = null,
        Action<IServiceCollection>? add = null)
    {
        var options = new RecurringTaskClusterOptions
        {
            ShardCount = Options.ShardCount,
            LeaseLength = Options.LeaseLength,
            Settle = Options.Settle,
            DrainFor = Options.DrainFor,
            OpeningBudget = Options.OpeningBudget,
            QuarantineAfter = Options.QuarantineAfter,
            QuarantineFor = Options.QuarantineFor,
        };
        change?.Invoke(options);
        var host = new TestHost(this, name, $"{name}:{++_started}", _time.GetUtcNow(), Configure + add, options);
        prepare?.Invoke(host);
        host.Loops.StartHost();
        lock (_active)
            _active.Add(host.Membership.Address);
        Hosts.Add(host);
        host.Loops.Wait(host.Coordinator.StartAsync(default));
        Hosts.ForEach(static other => other.Membership.OnChanged());
        Settle();
        return host;
    }

    /// <summary>Lets time pass for all hosts that run, each timer at its moment.</summary>
    public void Advance(double seconds)
    {
        var target = _time.GetTimestamp() + TimeSpan.FromSeconds(seconds).Ticks;
        for (var left = target - _time.GetTimestamp(); left > 0; left = target - _time.GetTimestamp())
        {
            Settle();
            var step = Running.Select(host => (host.Loops.Clock.NextDue ?? long.MaxValue) - host.Loops.Clock.GetTimestamp())
                .Append(left).Min();
            _time.Pass(TimeSpan.FromTicks(Math.Max(0, step)));
            foreach (var host in Running)
                host.Loops.Advance(TimeSpan.FromTicks(Math.Max(0, step)));
        }
        Settle();
    }

    /// <summary>The store does not answer for some seconds. What was asked meanwhile is done afterwards.</summary>
    public void SilenceStore(double seconds)
    {
        Store.Fault = static (_, _) => StoreFault.Hangs;
        Advance(seconds);
        Store.Fault = static (_, _) => StoreFault.None;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // what has waited goes on right here
        Store.Thaw();
        SynchronizationContext.SetSynchronizationContext(outer);
        Settle();
    }

    /// <summary>Lets time pass until a task has ended, and returns for how many seconds.</summary>
    public double AdvanceUntil(Task task, double atMost)
    {
        var start = Second;
        while (!task.Wait(TimeSpan.FromMilliseconds(1)))
        {
            Assert.True(Second - start < atMost, $"It did not end within {atMost} s.");
            Advance(0.1);
        }
        return Second - start;
    }

    /// <summary>Runs what can run without time passing.</summary>
    public void Settle()
    {
        foreach (var _ in Enumerable.Range(0, 3)) // a message may wake a host that has settled before
            SettleOnce();
    }

    public void Deliver(string address)
    {
        if (!LosesMessages && Running.FirstOrDefault(host => host.Membership.Address == address) is { } receiver)
            receiver.Coordinator.OnNotified();
    }

    public void Remove(string address)
    {
        lock (_active)
            _active.Remove(address);
        Hosts.ForEach(static host => host.Membership.OnChanged());
    }

    /// <summary>Waits until each shard is open on one host, and fails after this many seconds.</summary>
    public double AdvanceUntilAllOwned(double atMost)
    {
        var start = Second;
        while (OpenShards().Distinct().Count() < Options.ShardCount)
        {
            Assert.True(Second - start < atMost, $"After {atMost} s only {OpenShards().Count()} shards are open.");
            Advance(0.1);
        }
        return Second - start;
    }

    public IEnumerable<string> OpenShards() => Running.SelectMany(static host => host.Open);

    public void Dispose() => Hosts.ForEach(static host => host.Dispose());

    private TestHost[] Running => [.. Hosts.Where(static host => host.IsRunning)];

    private void SettleOnce()
    {
        foreach (var host in Running)
            host.Loops.Settle();
        SpinWait.SpinUntil(() => !IsBusy(static host => host.KeyHandles.Shards.HasUnread), Patience);
        for (var turn = 0; turn < PoolTurns && IsBusy(static host => host.Shards.Pending > 0); turn++)
            PassPool();
        SpinWait.SpinUntil(() => !IsBusy(static host => host.Shards.Pending > 0), Moment);

        bool IsBusy(Func<TestHost, bool> isBusy)
        {
            foreach (var host in Running)
                host.Loops.Settle();
            return Array.Exists(Running, host => isBusy(host));
        }
    }

    // On a busy machine, what waits in the pool may take longer than a moment. This waits as long as it does.
    private static void PassPool()
    {
        using var passed = new CountdownEvent(Environment.ProcessorCount);
        for (var item = passed.InitialCount; item > 0; item--)
            ThreadPool.UnsafeQueueUserWorkItem(static passed => passed.Signal(), passed, preferLocal: false);
        Assert.True(passed.Wait(Patience), "The thread pool is stuck.");
    }

    private void Configure(IServiceCollection services)
    {
        var task = services.AddRecurringTask<Tick, int>().InCluster();
        task.KeysFrom<int>((shard, _, _) => Read(shard), TimeSpan.FromHours(1));
        if (configure is not null)
            configure(task);
        else
            task.Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll);
        register?.Invoke(services);
    }

    private async IAsyncEnumerable<int> Read(KeyShard shard)
    {
        await Task.CompletedTask;
        foreach (var key in Keys.Where(shard.Contains).ToArray())
            yield return key;
    }
}
