using CsCheck;

namespace SafeLoop.Tests.Ownership;

public class ProgressCodecTests
{
    private static readonly Gen<StoredProgress> Shard = Gen.Select(
        Gen.String[1, 8], Gen.Int[0, 5000], Gen.Long, Gen.Long[1, DateTimeOffset.MaxValue.UtcTicks - 1],
        (task, index, epoch, ticks) => new StoredProgress(new(Utf8(task), index), epoch, new(ticks, TimeSpan.Zero)));

    [Fact]
    public void What_is_written_is_read() => Shard.List[0, 30].Sample(shards => Assert.Equal(
        shards.OrderBy(static shard => $"{shard}"),
        ProgressCodec.Read(ProgressCodec.Write(shards)).OrderBy(static shard => $"{shard}")));

    [Fact]
    public void A_shard_takes_few_bytes()
    {
        var shards = Enumerable.Range(0, 1024)
            .Select(index => new StoredProgress(new("poll", index), 100_000 + index, LoopHost.Start.AddTicks(index * 7919)));

        Assert.InRange(ProgressCodec.Write([.. shards]).Length, 0, 8 * 1024);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_by_one_exception() =>
        Gen.Select(Gen.Byte.Array[0, 200], Shard.List[1, 5], Gen.Int[0, 1000], Gen.Byte).Sample((bytes, shards, at, value) =>
        {
            var damaged = ProgressCodec.Write(shards);
            damaged[at % damaged.Length] = value;
            ReadOrRefuse(bytes);
            ReadOrRefuse([ProgressCodec.Version, .. bytes]);
            ReadOrRefuse(damaged);
            ReadOrRefuse(damaged[..(at % damaged.Length)]);
        });

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing()
    {
        byte[] bytes = [ProgressCodec.Version, 0, 0xff, 0xff, 0xff, 0x7f, .. new byte[1000]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => ProgressCodec.Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    // Written by the first version. Later versions must read it: hosts of both run side by side during an upgrade.
    [Fact]
    public void The_first_format_stays_readable()
    {
        var shards = new StoredProgress[]
        {
            new(new("poll", 3), 70, LoopHost.Start), new(new("poll", 17), 65, LoopHost.Start.AddSeconds(1)),
        };

        Assert.Equal(First, Convert.ToHexString(ProgressCodec.Write(shards)));
        Assert.Equal(shards, ProgressCodec.Read(Convert.FromHexString(First)));
    }

    private const string First = "018080E0A78B9992EF080104706F6C6C02038C01020E0982DAC409";

    private static string Utf8(string text) => new([.. text.Where(static character => !char.IsSurrogate(character))]);

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            _ = ProgressCodec.Read(bytes);
        }
        catch (InvalidDataException)
        {
        }
    }
}
