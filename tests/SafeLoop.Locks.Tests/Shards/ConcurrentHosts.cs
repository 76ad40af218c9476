using LocalServers;
using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>
/// Hosts take, renew, give, leave and fall silent at the same time, in real time, on one store. The judge fails when two of them
/// believe that they own a shard.
/// </summary>
/// <param name="createStore">Creates the store of a host.</param>
/// <param name="length">How long the leases are.</param>
/// <param name="isOutage">Says that the store was down; null: it must not be.</param>
internal sealed class ConcurrentHosts(
    Func<IShardStore> createStore, TimeSpan length, Func<Exception, bool>? isOutage = null)
{
    private const int Hosts = 4, Shards = 6;

    private readonly ShardJudge _judge = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public Task RunAsync(int takes, int losses) => RunAsync(() => _judge.Takes < takes || _judge.Losses < losses);

    /// <summary>Between two crashes of the server, shards are taken.</summary>
    public async Task RunWithCrashesAsync(LocalServer server, int crashes, int takesBetween)
    {
        var isOver = false;
        var running = RunAsync(() => !Volatile.Read(ref isOver));
        for (var n = 0; n < crashes; n++)
        {
            var takes = _judge.Takes;
            Assert.True(
                SpinWait.SpinUntil(() => _judge.Takes >= takes + takesBetween || running.IsCompleted, ThreadedLoopHost.Patience));
            server.Kill();
            server.Start();
        }
        Volatile.Write(ref isOver, true);
        await running;
    }

    private Task RunAsync(Func<bool> goesOn) =>
        Task.WhenAll(Enumerable.Range(0, Hosts).Select(host => Task.Run(() => RunAsync(host, goesOn))));

    private async Task RunAsync(int number, Func<bool> goesOn)
    {
        var (store, chance) = (createStore(), new Random(number));
        while (goesOn())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(_began) < ThreadedLoopHost.Patience,
                $"Only {_judge.Takes} takes and {_judge.Losses} losses in time.");
            try
            {
                await LiveAsync(store, $"host {number}", chance);
            }
            catch (Exception error) when (isOutage?.Invoke(error) is true)
            {
                // It begins again, with a new lease. It relies on the old one until that is over.
            }
        }
    }

    private async Task LiveAsync(IShardStore store, string name, Random chance)
    {
        var asked = TimeProvider.System.GetTimestamp();
        var joined = await store.JoinAsync(
            new() { Cluster = "c", ShardCount = Shards, Name = name, Details = "", Length = length }, default);
        var host = new JudgedHost(name, joined.Lease, length, asked);
        for (var rounds = chance.Next(5, 60); rounds > 0 && await StepAsync(store, host, chance); rounds--)
        {
        }
        await (chance.Next(2) == 0 ? LeaveAsync(store, host) : FallSilentAsync(store, host));
    }

    private async Task<bool> StepAsync(IShardStore store, JudgedHost host, Random chance)
    {
        var asked = TimeProvider.System.GetTimestamp();
        if (await store.RenewAsync(new() { Lease = host.Lease, Progress = new byte[100] }, default) is null)
            return false;
        _judge.OnRenewed(host, asked);
        if (!host.IsValid)
            return false;

        var ids = Enumerable.Range(0, Shards).Select(index => new ShardId("task", index)).ToArray();
        chance.Shuffle(ids);
        if (chance.Next(2) == 0)
        {
            var stored = (await store.ReadAsync(ids, default)).ToDictionary(shard => shard.Id, shard => shard.Epoch);
            var taken = await store.TakeAsync(
                host.Lease,
                [.. ids.Take(3).Select(id => new ShardTake { Id = id, Epoch = stored.GetValueOrDefault(id) })],
                default);
            foreach (var (id, epoch) in taken)
                _judge.OnTaken(host, id.Index, epoch);
        }
        else
        {
            foreach (var shard in _judge.OwnedBy(host).Take(1))
                await GiveAsync(store, host, shard);
        }
        return true;
    }

    private async Task GiveAsync(IShardStore store, JudgedHost host, int shard)
    {
        var epoch = _judge.OnGiving(host, shard);
        await store.GiveAsync(host.Lease, [new() { Id = new("task", shard), Epoch = epoch }], default);
    }

    private async Task LeaveAsync(IShardStore store, JudgedHost host)
    {
        foreach (var shard in _judge.OwnedBy(host))
            await GiveAsync(store, host, shard);
        await store.LeaveAsync(host.Lease, default);
    }

    private async Task FallSilentAsync(IShardStore store, JudgedHost host)
    {
        while (host.IsValid)
            await store.ReadOwnersAsync("task", default);
        while (TimeProvider.System.GetElapsedTime(host.Renewed) < length * 3)
        {
            var owners = await store.ReadOwnersAsync("task", default);
            if (!owners.Any(shard => shard.IsOwned && _judge.OwnedBy(host).Contains(shard.Id.Index)))
                break;
        }

        // It comes back late.
        if (await store.RenewAsync(new() { Lease = host.Lease }, default) is null)
        {
            var stored = await store.ReadAsync([new("task", 0)], default);
            Assert.Empty(await store.TakeAsync(
                host.Lease, [.. stored.Select(shard => new ShardTake { Id = shard.Id, Epoch = shard.Epoch })], default));
        }
    }
}
