using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>A host of a <see cref="TestCluster"/>, on a clock of its own.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly TestCluster _cluster;

    public TestHost(
        TestCluster cluster, string name, string address, DateTimeOffset now, Action<IServiceCollection> configure,
        RecurringTaskClusterOptions options)
    {
        (_cluster, Name) = (cluster, name);
        Loops = new(
            services =>
            {
                services.AddSingleton<IRecurringTaskCluster, UnusedCluster>();
                services.AddSingleton(cluster.Journal).AddSingleton(new Tick.Place(name));
                configure(services);
            },
            now);
        var pacemaker = Loops.Services.GetRequiredService<Pacemaker>();
        Membership = new(name, address, cluster);
        Shards = new(Loops.Services.GetRequiredService<IRecurringTaskShards>(), pacemaker);
        Coordinator = new(
            cluster.Store, Membership, new TestLink(cluster), Shards, pacemaker, options,
            Loops.Services.GetRequiredService<ILoggerFactory>().CreateLogger("SafeLoop"));
    }

    public string Name { get; }

    public LoopHost Loops { get; }

    public TestMembership Membership { get; }

    public TestShards Shards { get; }

    public ClusterCoordinator Coordinator { get; }

    /// <summary>False: its process is frozen, or it was killed. Nothing of it runs.</summary>
    public bool IsRunning { get; private set; } = true;

    public bool IsKilled { get; private set; }

    /// <summary>The keys of this host.</summary>
    public int[] Keys => [.. Loops.Services.GetRequiredService<RecurringTaskKeys<Tick, int>>().Keys.Order()];

    public RecurringTaskKeys<Tick, int> KeyHandles => Loops.Services.GetRequiredService<RecurringTaskKeys<Tick, int>>();

    /// <summary>Which shards are open, as "tick 3".</summary>
    public string[] Open => [.. Shards.ReadProgress().Select(shard => $"{shard.TaskName} {shard.Shard.Index}").Order()];

    /// <summary>True while work may arrive from the thread pool.</summary>
    public bool MayBeBusy => IsRunning && (Shards.Pending > 0 || KeyHandles.Shards.HasUnread);

    public string[] Logged(string name) => [.. Loops.Logs.Lines.Where(line => line.Name == name).Select(line => line.Text)];

    /// <summary>Ends its process, as kill -9 does.</summary>
    public void Kill(bool isNoticed = true)
    {
        (IsRunning, IsKilled) = (false, true);
        if (isNoticed)
            _cluster.Remove(Membership.Address);
    }

    /// <summary>Stops its process, as SIGSTOP does.</summary>
    public void Freeze() => IsRunning = false;

    /// <summary>Lets its process go on.</summary>
    /// <param name="frozenFor">How long it was frozen.</param>
    /// <param name="isSuspended">True: the machine was suspended, so its monotonic clock stood still.</param>
    public void Thaw(TimeSpan frozenFor, bool isSuspended = false)
    {
        IsRunning = true;
        if (isSuspended)
            Loops.Clock.SetWallClock(Loops.Clock.GetUtcNow() + frozenFor);
        else
            Loops.Sleep(frozenFor);
    }

    /// <summary>Stops the host as a SIGTERM does.</summary>
    public Task StopAsync()
    {
        var stopped = StopInOrderAsync();
        _cluster.Settle();
        return stopped;
    }

    public void Dispose() => Loops.Dispose();

    private async Task StopInOrderAsync()
    {
        await Coordinator.StopAsync(default).ConfigureAwait(false);
        _cluster.Remove(Membership.Address);
        IsRunning = false;
    }
}
