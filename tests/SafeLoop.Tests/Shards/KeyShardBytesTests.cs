using SafeLoop.Tests.Memory;

namespace SafeLoop.Tests.Shards;

/// <summary>What it allocates to find the shard of a key.</summary>
[Collection(Bytes.Name)]
public class KeyShardBytesTests
{
    private static readonly Guid Id = new("7d444840-9dc0-11d1-b245-5ffdce74fad2");

    [Fact]
    public void Finding_the_shard_of_a_usual_key_allocates_nothing()
    {
        var shard = new KeyShard(3, 4096);

        // Once its code was optimized, which the runtime does in the background.
        Assert.True(SpinWait.SpinUntil(() => BytesOf(shard) == 0, TimeSpan.FromSeconds(30)));
    }

    private static long BytesOf(KeyShard shard)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var key = 0; key < 1000; key++)
            _ = shard.Contains(key) | shard.Contains(Id) | shard.Contains("Gerät-7");
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
