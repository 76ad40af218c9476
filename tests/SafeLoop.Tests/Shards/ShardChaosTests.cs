using CsCheck;

namespace SafeLoop.Tests.Shards;

/// <summary>
/// Shards move, are lost and come back at random moments, also while they open and close. No slot is lost, and only those after
/// the watermark of a lost shard run twice.
/// </summary>
public class ShardChaosTests
{
    private static readonly Gen<int[]> Draws = Gen.Int[0, 1_000_000].Array[10, 40];

    [Fact]
    public void No_slot_is_lost_and_none_runs_twice_without_a_reason() => Gen.Select(Draws, Gen.Int[0, int.MaxValue]).Sample(
        (draws, seed) =>
        {
            using var world = new ShardWorld(seed);
            foreach (var draw in draws)
                world.Act(draw);
            world.Judge();
        },
        iter: 60);
}
