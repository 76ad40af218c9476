using System.Globalization;

namespace SafeLoop.Tests.Shards;

/// <summary>Keys are divided into shards in the same way on every machine, and for ever: databases store the result.</summary>
public class KeyShardTests
{
    private static readonly Guid Id = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");

    [Fact]
    public void A_key_is_in_the_shard_that_its_text_gives()
    {
        Assert.Equal(2943, KeyShard.FromKey("Gerät-7", 4096).Index);
        Assert.Equal(3308, KeyShard.FromKey(42, 4096).Index);
        Assert.Equal(2800, KeyShard.FromKey(-7L, 4096).Index);
        Assert.Equal(375, KeyShard.FromKey(Id, 4096).Index);
        Assert.Equal(503, KeyShard.FromKey(Id, 1000).Index);
        Assert.Equal(260, KeyShard.FromKey(long.MaxValue, 1000).Index);
    }

    [Fact]
    public void The_culture_of_the_machine_does_not_matter()
    {
        var (before, expected) = (CultureInfo.CurrentCulture, KeyShard.FromKey(-1.5, 4096));
        var swedish = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (swedish.NumberFormat.NegativeSign, swedish.NumberFormat.NumberDecimalSeparator) = ("−", ",");
        CultureInfo.CurrentCulture = swedish;
        try
        {
            Assert.Equal(expected, KeyShard.FromKey(-1.5, 4096));
            Assert.Equal(KeyShard.FromKey("-1.5", 4096), KeyShard.FromKey(-1.5, 4096));
            Assert.Equal(KeyShard.FromKey("-1.5", 4096), KeyShard.FromKey(new Amount(-1.5), 4096));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Each_key_is_in_exactly_one_of_the_shards_and_they_have_equal_shares()
    {
        const int Count = 64, Keys = 64_000;
        var counts = new int[Count];
        for (var key = 0; key < Keys; key++)
        {
            var shard = KeyShard.FromKey(key, Count);
            counts[shard.Index]++;
            Assert.True(shard.Contains(key));
            Assert.False(new KeyShard((shard.Index + 1) % Count, Count).Contains(key));
        }

        // Chi-squared with 63 degrees of freedom is above 130 once in a million times.
        const double Expected = (double)Keys / Count;
        Assert.InRange(counts.Sum(count => (count - Expected) * (count - Expected) / Expected), 0, 130);
    }

    [Fact]
    public void The_shards_of_keys_do_not_depend_on_the_moments_at_which_spread_keys_run()
    {
        // One hash for both would put all keys of a shard into one moment of the period.
        var phases = Enumerable.Range(0, 100_000).Where(key => KeyShard.FromKey(key, 64).Index == 17)
            .Select(key => StableHash.Share("updateDevice", key)).ToList();

        Assert.All(
            Enumerable.Range(0, 10),
            tenth => Assert.InRange(phases.Count(phase => (int)(phase * 10) == tenth), phases.Count / 15, phases.Count / 7));
    }

    [Fact]
    public void The_default_value_is_the_only_shard_and_contains_every_key()
    {
        Assert.Equal(new KeyShard(0, 1), default);
        Assert.True(default(KeyShard).Contains("any"));
        Assert.Equal("0/1", default(KeyShard).ToString());
        Assert.Equal("17/4096", new KeyShard(17, 4096).ToString());
    }

    [Fact]
    public void A_shard_that_cannot_exist_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new KeyShard(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => new KeyShard(-1, 4));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => new KeyShard(4, 4));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => KeyShard.FromKey(1, 0));
        Assert.Throws<ArgumentNullException>("key", () => KeyShard.FromKey<string>(null!, 1));
    }

    // Formats by its culture, as a key of a user may.
    private sealed class Amount(double value) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? provider) => value.ToString(provider);
    }
}
