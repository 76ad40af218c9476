using System.Globalization;
using LocalServers;
using SafeLoop;
using StackExchange.Redis;

namespace ClusterSample;

/// <summary>
/// Starts Redis and three silos, kills one, adds one, and stops one. Then it reads the notes of all.
/// </summary>
internal sealed class Stage : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-cluster-").FullName;
    private readonly RedisServer _redis = new();
    private readonly List<SiloProcess> _silos = [];
    private readonly List<string> _files = [];
    private readonly DateTimeOffset _start;
    private readonly int _keys;
    private readonly TimeSpan _period;
    private IShardStore? _store;

    private Stage(int keys, TimeSpan period)
    {
        (_keys, _period) = (keys, period);
        var now = TimeProvider.System.GetUtcNow();
        _start = now - TimeSpan.FromTicks(now.Ticks % period.Ticks); // a point of the grid of all machines
    }

    /// <returns>False when a slot was lost, or one ran twice without a kill.</returns>
    public static async Task<bool> RunAsync(int keys, TimeSpan period)
    {
        using var stage = new Stage(keys, period);
        return await stage.PlayAsync();
    }

    public void Dispose()
    {
        _silos.ForEach(silo => silo.Dispose());
        _redis.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> PlayAsync()
    {
        _redis.Start();
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_redis.Port}");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(address);
        _store = SiloProgram.CreateStore(connection.GetDatabase());
        Console.WriteLine($"Redis runs on port {_redis.Port}, in a folder that is deleted at the end.");
        Console.WriteLine($"{_keys:N0} devices, one loop each, every {_period.TotalSeconds} seconds.");

        await DoAsync("Three silos start", () => Start("north", "east", "south"));
        var first = await SlotsAsync(3);
        await DoAsync("east is killed (kill -9)", Find("east").KillAsync);
        var killed = await SlotsAsync(3);
        await DoAsync("west starts", () => Start("west"));
        await SlotsAsync(3);
        await DoAsync("south is asked to stop (SIGTERM)", Find("south").StopAsync);
        var last = await SlotsAsync(3);

        var afterKill = Report("With the kill:", first, killed);
        var planned = Report("With the silo added and the one stopped:", killed + 1, last);
        foreach (var silo in _silos)
            await silo.StopAsync();
        return (afterKill.Lost, planned.Lost, planned.Doubled) == (0, 0, 0);
    }

    private Task Start(params string[] names)
    {
        foreach (var name in names)
        {
            _files.Add(Path.Combine(_folder, name));
            _silos.Add(new(new(name, LocalServer.FreePort(), _redis.Port, _keys, (int)_period.TotalSeconds, _files[^1], _start)));
        }
        return Task.CompletedTask;
    }

    private async Task DoAsync(string what, Func<Task> action)
    {
        Console.WriteLine($"\n{what}.");
        var began = TimeProvider.System.GetTimestamp();
        await action();
        var owners = await SettleAsync(began);
        var took = TimeProvider.System.GetElapsedTime(began);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"After {took.TotalSeconds:0.0} seconds all {SiloProgram.Shards:N0} shards are owned: {owners}"));
    }

    /// <summary>Waits until each shard is owned by a silo that runs, and each silo that runs owns some.</summary>
    private async Task<string> SettleAsync(long began)
    {
        while (true)
        {
            var running = _silos.Where(silo => silo.IsRunning).Select(silo => silo.Name).Order().ToArray();
            var owners = (await _store!.ReadOwnersAsync(null, CancellationToken.None))
                .Where(shard => shard.IsOwned && running.Contains(shard.Owner)).CountBy(shard => shard.Owner!)
                .OrderBy(owner => owner.Key).ToArray();
            if (owners.Sum(owner => owner.Value) == SiloProgram.Shards && owners.Length == running.Length)
                return string.Join(", ", owners.Select(owner => $"{owner.Key} {owner.Value}"));
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"The shards are not all owned by {string.Join(", ", running)}.");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    /// <summary>Waits for whole slots.</summary>
    /// <returns>The last one that is over.</returns>
    private async Task<int> SlotsAsync(int count)
    {
        var next = RunFile.IndexOf(TimeProvider.System.GetUtcNow(), _start, _period) + count;
        await Task.Delay(_start + (_period * (next + 1)) - TimeProvider.System.GetUtcNow(), TimeProvider.System);
        return next - 1;
    }

    private RunReport Report(string what, int from, int until)
    {
        var report = RunReport.Read(_files, _keys, from, until);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            {what} {report.Runs:N0} runs in {until - from + 1} slots
              lost     {report.Lost:N0}
              doubled  {report.Doubled:N0}
              longest gap between two runs of a device  {report.LongestGap.TotalSeconds:0.0} s
            """));
        return report;
    }

    private SiloProcess Find(string name) => _silos.Single(silo => silo.Name == name);
}
