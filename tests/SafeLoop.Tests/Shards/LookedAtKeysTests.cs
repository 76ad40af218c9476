using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Memory;

namespace SafeLoop.Tests.Shards;

/// <summary>A look at a key leaves nothing behind: no runner, no history, no byte.</summary>
[Collection(Bytes.Name)]
public class LookedAtKeysTests
{
    private const int Keys = 100_000;

    [Fact]
    public void Looking_at_many_keys_keeps_no_memory()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromHours(1)).Spread());
        var a = cluster.Start("a");
        cluster.Open(a);
        for (var key = 0; key < Keys; key++)
            Assert.True(a.Keys.TryAdd(key));
        var loops = a.Loops.Services.GetRequiredService<LoopsByText>();
        LookAt(a, loops, 100);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        LookAt(a, loops, Keys);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(kept, long.MinValue, Keys / 10); // less than a tenth of a byte for each
        Assert.Empty(a.Keys.Loops);
    }

    private static void LookAt(ClusterHosts.Host host, LoopsByText loops, int count)
    {
        for (var key = 0; key < count; key++)
        {
            var handle = loops.Find("tick", $"{key}")!;
            Assert.Equal($"{key}", handle.Snapshot().Key);
            Assert.Equal(RecurringTaskState.Waiting, host.Keys.Find(key)!.State);
            Assert.Single(handle.UpcomingSlots(1));
            Assert.Empty(handle.History);
            _ = handle.Options;
        }
    }
}
