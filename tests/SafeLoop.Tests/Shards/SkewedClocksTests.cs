using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>The clocks of two machines differ. A shard that moves between them loses no slot, and runs none twice.</summary>
public class SkewedClocksTests
{
    private static readonly TimeSpan Two = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(3.4, 1)]
    [InlineData(3.4, 4)]
    [InlineData(59, 4)]
    public void No_slot_is_lost_or_doubled_when_a_shard_moves_to_a_clock_that_is_ahead_and_back(double ahead, int moves)
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Two).OnMissed(MissedSlots.RunAll, max: 10_000).OnOverlap(Overlap.BufferAll, max: 10_000));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        b.Loops.Advance(TimeSpan.FromSeconds(ahead));
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1));
        cluster.Advance(7);

        for (var move = 0; move < moves; move++)
        {
            cluster.Move(move % 2 == 0 ? a : b, move % 2 == 0 ? b : a);
            cluster.Advance(5);
        }
        cluster.Advance(130);

        var slots = cluster.Journal.Of(1).Select(run => double.Parse(run.Split(' ')[1])).ToArray();
        Assert.Equal(Enumerable.Range(0, slots.Length).Select(n => n * 2d), slots);
        Assert.True(slots.Length > 50);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3.4)]
    public void Keys_of_a_source_lose_no_slot(double ahead)
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Two).Spread().OnMissed(MissedSlots.RunAll, max: 10_000).OnOverlap(Overlap.BufferAll, max: 10_000)
                .KeysFrom<int>((_, _, _) => Enumerable.Range(0, 50).ToAsyncEnumerable(), TimeSpan.FromSeconds(5)));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        b.Loops.Advance(TimeSpan.FromSeconds(ahead));
        cluster.Open(a);
        cluster.Advance(7);
        cluster.Move(a, b);
        cluster.Advance(20);

        for (var key = 0; key < 50; key++)
        {
            var slots = cluster.Journal.Runs.Where(run => run.Key == key).Select(run => run.Slot).ToArray();
            Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(Two, pair.Second - pair.First));
        }
    }
}
