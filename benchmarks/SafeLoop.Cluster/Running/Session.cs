using System.Globalization;
using ClusterSample;
using LocalServers;
using SafeLoop.Cluster.Nodes;
using StackExchange.Redis;

namespace SafeLoop.Cluster.Running;

/// <summary>A Redis and the processes that use it, from their start to their end.</summary>
internal sealed class Session : IAsyncDisposable
{
    // Not all loops run on time on a busy machine.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-cluster-").FullName;
    private readonly List<NodeProcess> _nodes = [];
    private readonly int _keys, _shards;
    private readonly DateTimeOffset _start;
    private ConnectionMultiplexer? _connection;

    private Session(int keys, int shards)
    {
        (_keys, _shards) = (keys, shards);
        var now = TimeProvider.System.GetUtcNow();
        _start = now - TimeSpan.FromTicks(now.Ticks % UpdateDevice.Period.Ticks); // a point of the grid of all machines
    }

    public RedisServer Redis { get; } = new();

    public IReadOnlyList<NodeProcess> Live => [.. _nodes.Where(node => node.IsLive)];

    /// <summary>The slot that is due now.</summary>
    public int Slot => RunFile.IndexOf(TimeProvider.System.GetUtcNow(), _start, UpdateDevice.Period);

    /// <summary>Starts Redis.</summary>
    public static async Task<Session> StartAsync(int keys, int shards)
    {
        var session = new Session(keys, shards);
        session.Redis.Start();
        session._connection = await ConnectionMultiplexer.ConnectAsync(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{session.Redis.Port},asyncTimeout=1000,allowAdmin=true"));
        return session;
    }

    /// <summary>Starts processes, all at once.</summary>
    public async Task AddAsync(NodeKind kind, int count = 1) =>
        _nodes.AddRange(await Task.WhenAll(
            Enumerable.Range(_nodes.Count, count).Select(number => NodeProcess.StartAsync(CreateSettings(kind, number)))));

    /// <summary>Makes so many silos of the cluster run, and waits until all loops have run there.</summary>
    public async Task PrepareAsync(int silos)
    {
        if (Live.Count == silos)
            return;
        await using var watch = await WatchAsync();
        if (Live.Count < silos)
            await AddAsync(NodeKind.Silo, silos - Live.Count);
        foreach (var surplus in Live.Skip(silos))
            await surplus.StopAsync();
        await watch.WaitAsync();
        await WaitForSlotAsync(Slot + 1);
    }

    public async Task<OwnersWatch> WatchAsync()
    {
        var watch = new OwnersWatch(
            Node.CreateStore(_connection!.GetDatabase()), _shards, () => [.. Live.Select(node => node.Name)]);
        await watch.StartAsync();
        return watch;
    }

    /// <summary>The calls of scripts that the server has counted: those of the shard store, and some of Orleans.</summary>
    public async Task<long> CountCallsAsync()
    {
        var text = (string)(await _connection!.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        return text.Split('\n')
            .Where(line => line.StartsWith("cmdstat_eval:", StringComparison.Ordinal)
                || line.StartsWith("cmdstat_evalsha:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until a slot is over, also for those that run late.</summary>
    public Task WaitForSlotAsync(int slot)
    {
        var left = _start + (UpdateDevice.Period * (slot + 1)) + Late - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;
    }

    public RunReport Report(int from, int until) =>
        RunReport.Read([.. Enumerable.Range(0, _nodes.Count).Select(FileOf)], _keys, from, until);

    public async ValueTask DisposeAsync()
    {
        _nodes.ForEach(node => node.Dispose());
        if (_connection is not null)
            await _connection.DisposeAsync();
        Redis.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private NodeSettings CreateSettings(NodeKind kind, int number) =>
        new(kind, $"silo-{number}", LocalServer.FreePort(), Redis.Port, _keys, _shards, FileOf(number), _start);

    private string FileOf(int node) => Path.Combine(_folder, node.ToString(CultureInfo.InvariantCulture));
}
