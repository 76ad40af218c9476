using CsCheck;
using Xunit.Abstractions;

namespace SafeLoop.Tests;

public class PlacementTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_versions_that_run_side_by_side_place_shards_alike() =>
        Assert.Equal("0021202121221000", string.Concat(Placement.Assign("poll", 16, ["silo-0", "silo-1", "silo-2"])));

    [Fact]
    public void The_order_of_the_members_does_not_matter() => Gen.Int[1, 40].Select(Gen.Int).Sample((count, seed) =>
    {
        var names = Names(count);
        var shuffled = names.OrderBy(name => StableHash.Compute($"{seed}{name}")).ToArray();

        Assert.Equal(Owners(names, 257), Owners(shuffled, 257));
    });

    [Fact]
    public void Without_members_no_shard_has_an_owner() => Assert.Empty(Placement.Assign("poll", 16, []));

    [Theory]
    [InlineData(3, 1024)]
    [InlineData(3, 4096)]
    [InlineData(10, 4096)]
    [InlineData(100, 4096)]
    [InlineData(100, 16384)]
    public void No_member_has_more_than_five_percent_above_its_fair_share_and_few_shards_move(int count, int shards)
    {
        var (before, after) = (Owners(Names(count), shards), Owners(Names(count + 1), shards));
        var fair = (double)shards / count;
        var most = before.CountBy(static owner => owner).Max(static load => load.Value);
        var moved = before.Zip(after).Count(static pair => pair.First != pair.Second) / ((double)shards / (count + 1));

        output.WriteLine($"{count} members, {shards} shards: max/mean {most / fair:0.000}, a join moves {moved:0.00} shares");
        Assert.True(most <= Math.Ceiling(fair * 1.05), $"{most} of {fair}");
        Assert.True(moved <= 1.75, $"{moved} fair shares");
    }

    [Fact]
    public void When_a_member_goes_its_shards_and_few_others_move()
    {
        var (names, shards) = (Names(10), 4096);
        var (before, after) = (Owners(names, shards), Owners([.. names.Skip(1)], shards));

        var moved = before.Zip(after).Count(pair => pair.First != pair.Second && pair.First != names[0]);

        Assert.DoesNotContain(names[0], after);
        Assert.True(moved < 0.5 * shards / 10, $"{moved} shards of other members have moved");
    }

    [Fact]
    public void Ordinary_tasks_are_spread_over_the_members()
    {
        var owners = Enumerable.Range(0, 300).Select(task => Placement.Assign($"task-{task}", 1, Names(3))[0]);

        Assert.All(owners.CountBy(static owner => owner), load => Assert.InRange(load.Value, 70, 130));
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(static number => $"silo-{number}")];

    private static string[] Owners(string[] names, int shards) =>
        [.. Placement.Assign("poll", shards, names).Select(owner => names[owner])];
}
