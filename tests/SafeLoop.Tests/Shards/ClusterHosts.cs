using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>Hosts in virtual time that share a keyed task. The test decides who owns which shard.</summary>
/// <remarks>Each host has a clock of its own, and they are advanced together.</remarks>
/// <param name="configure">Configures the keyed task.</param>
/// <param name="register">Registers further tasks of each host; null: none.</param>
internal sealed class ClusterHosts(
    Action<IRecurringTaskBuilder<int>> configure, Action<IServiceCollection>? register = null) : IDisposable
{
    public static readonly KeyShard Whole = default;

    private readonly List<Host> _hosts = [];
    private long _epoch = 100;

    public Tick.Journal Journal { get; } = new();

    /// <summary>Starts a host. The default lease lasts 10 seconds, and the test renews it.</summary>
    public Host Start(string name, TimeSpan? lease = null)
    {
        var now = _hosts.Count == 0 ? LoopHost.Start : _hosts[0].Loops.Clock.GetUtcNow();
        var host = new LoopHost(
            services =>
            {
                services.AddSingleton<IRecurringTaskCluster, UnusedCluster>();
                services.AddSingleton(Journal).AddSingleton(new Tick.Place(name));
                configure(services.AddRecurringTask<Tick, int>().InCluster());
                register?.Invoke(services);
            },
            now);
        host.StartHost();
        _hosts.Add(new(host, lease ?? TimeSpan.FromDays(1)));
        return _hosts[^1];
    }

    public void Advance(double seconds)
    {
        foreach (var host in _hosts.Where(host => !host.IsGone))
            host.Loops.Advance(TimeSpan.FromSeconds(seconds));
    }

    public long NextEpoch() => ++_epoch;

    /// <summary>Opens a shard with the next epoch.</summary>
    public void Open(
        Host host,
        byte[]? memory = null,
        DateTimeOffset? watermark = null,
        KeyShard shard = default,
        string task = "tick",
        byte[]? exceptions = null)
    {
        host.Loops.Wait(host.All.OpenAsync(
            new()
            {
                TaskName = task, Shard = shard, Epoch = NextEpoch(), Lease = host.Lease, Memory = memory, Watermark = watermark,
                Exceptions = exceptions,
            },
            default));
        host.Loops.Settle();
    }

    public byte[]? Close(Host host, double drain = 0, KeyShard shard = default, string task = "tick") =>
        host.ResultOf(host.All.CloseAsync(task, shard, TimeSpan.FromSeconds(drain), default));

    public void Move(Host from, Host to, KeyShard shard = default, string task = "tick") =>
        Open(to, Close(from, shard: shard, task: task), shard: shard, task: task);

    public void Dispose() => _hosts.ForEach(host => host.Loops.Dispose());

    internal sealed class Host(LoopHost loops, TimeSpan lease)
    {
        public LoopHost Loops => loops;

        public RecurringTaskKeys<Tick, int> Keys { get; } = loops.Services.GetRequiredService<RecurringTaskKeys<Tick, int>>();

        public KeyShards Shards => Keys.Shards;

        public TaskShards All { get; } = loops.Services.GetRequiredService<TaskShards>();

        /// <summary>The watermark of the only shard, in seconds since the start.</summary>
        public double Watermark(string task = "tick") =>
            (All.ReadProgress().Single(shard => shard.TaskName == task).Watermark!.Value - LoopHost.Start).TotalSeconds;

        public ShardLease Lease { get; set; } = new(loops.Services.GetRequiredService<Pacemaker>(), lease);

        /// <summary>True: its time stands still, as that of a process that was killed.</summary>
        public bool IsGone { get; set; }

        public T ResultOf<T>(Task<T> task)
        {
            loops.Wait(task);
            return task.Result;
        }

        public void TakeNewLease() =>
            Lease = new(loops.Services.GetRequiredService<Pacemaker>(), TimeSpan.FromDays(1));

        public string[] Outcomes(int key) =>
        [
            .. loops.Observer.Of(LoopEventKind.IterationEnded).Where(e => Equals(e.Key, key))
                .Select(e => $"{(e.Record.Slot - LoopHost.Start).TotalSeconds} {e.Record.Outcome} {e.Record.Reason}"),
        ];
    }
}
