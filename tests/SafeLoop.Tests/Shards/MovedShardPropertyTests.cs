using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>
/// Shards move between hosts at random moments, while steps run, wait and fail. Each slot of each key has exactly one outcome.
/// </summary>
public class MovedShardPropertyTests
{
    private const int Hosts = 3, Shards = 4, Keys = 8;

    private static readonly Gen<Overlap> Overlaps = Gen.OneOf(
        Gen.Const(Overlap.Skip), Gen.Const(Overlap.BufferOne), Gen.Const(Overlap.BufferAll));

    private static readonly Gen<int[]> Moves = Gen.Int[0, 999].Array[5, 40];

    [Fact]
    public void Each_slot_of_each_key_has_one_outcome() => Gen.Select(Moves, Overlaps, Gen.Bool, Gen.Int[0, int.MaxValue]).Sample(
        (moves, overlap, isSpread, seed) =>
        {
            using var cluster = new ClusterHosts(task =>
            {
                task.Every(TimeSpan.FromSeconds(5)).OnOverlap(overlap, 3);
                if (isSpread)
                    task.Spread();
            });
            var hosts = Enumerable.Range(0, Hosts).Select(number => cluster.Start($"{number}")).ToArray();
            cluster.Journal.Step = (host, key, iteration, token) =>
                Step(hosts[int.Parse(host)], Draw(seed, key, iteration), token);
            var owners = new int[Shards];
            for (var shard = 0; shard < Shards; shard++)
                cluster.Open(hosts[0], shard: new(shard, Shards));
            foreach (var key in Enumerable.Range(0, Keys))
                Assert.True(hosts[0].Keys.TryAdd(key));

            foreach (var move in moves)
            {
                var (shard, to, seconds) = (move % Shards, move / Shards % Hosts, move / (Shards * Hosts) % 7);
                cluster.Advance(seconds + (move % 10 * 0.1));
                if (owners[shard] == to)
                    continue;
                cluster.Move(hosts[owners[shard]], hosts[to], new(shard, Shards));
                owners[shard] = to;
            }
            cluster.Journal.Step = static (_, _, _, _) => default;
            cluster.Advance(60); // what waits has run by then

            foreach (var key in Enumerable.Range(0, Keys))
                Judge(hosts, key);
        },
        iter: 100);

    private static void Judge(ClusterHosts.Host[] hosts, int key)
    {
        var slots = hosts.SelectMany(host => host.Loops.Observer.Of(LoopEventKind.IterationEnded))
            .Where(e => Equals(e.Key, key))
            .SelectMany(e => Enumerable.Range(0, (int)e.Record.Count)
                .Select(n => (e.Record.Slot - LoopHost.Start).TotalSeconds - (5 * n)))
            .Order().ToArray();

        Assert.True(slots.Length > 10);
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(5, pair.Second - pair.First, 6));
    }

    private static async ValueTask Step(ClusterHosts.Host host, int draw, CancellationToken token)
    {
        if (draw % 3 == 0)
            await Task.Delay(TimeSpan.FromSeconds(draw % 17), host.Loops.Clock, token);
        if (draw % 5 == 0)
            throw new IOException("on purpose");
    }

    private static int Draw(int seed, int key, Iteration iteration) =>
        (int)(StableHash.Compute($"{seed} {key} {iteration.Slot:O}") % 1000);
}
