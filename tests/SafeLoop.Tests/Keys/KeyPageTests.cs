using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Keys;

/// <summary>The keys of a task are read in pages, by the beginning of their text and by their condition.</summary>
public sealed class KeyPageTests
{
    [Fact]
    public async Task Pages_have_each_key_once()
    {
        await using var host = await StartAsync(1_234);

        var keys = Read(host, new() { TaskName = "DEVICES", PageSize = 100 });

        Assert.Equal(Enumerable.Range(0, 1_234).Select(key => $"{key}").Order(), keys.Order());
    }

    [Fact]
    public async Task A_prefix_finds_keys_and_the_one_with_exactly_this_text_comes_first()
    {
        await using var host = await StartAsync(1_234);

        var keys = Read(host, new() { TaskName = "devices", Prefix = "123", PageSize = 2 });

        Assert.Equal("123", keys[0]);
        Assert.Equal(["123", "1230", "1231", "1232", "1233"], keys.Order());
        Assert.Empty(Read(host, new() { TaskName = "devices", Prefix = "x" }));
    }

    [Fact]
    public async Task Keys_are_read_by_their_condition()
    {
        await using var host = await StartAsync(20, failing: 7);
        var reader = Reader(host);
        reader.FindKey("devices", "3")!.Pause("calm");
        reader.FindKey("devices", "4")!.Stop("done");
        await host.AdvanceAsync(2.Minutes);

        Assert.Equal(["3"], Read(host, Query(LoopFilter.Paused)));
        Assert.Equal(["4"], Read(host, Query(LoopFilter.Ended)));
        Assert.Equal(["7"], Read(host, Query(LoopFilter.Failing)));
        Assert.Equal(3, Read(host, Query(LoopFilter.Failing) with { Filter = LoopFilter.All, Prefix = "1", PageSize = 3 })
            .Count(key => key is "1" or "10" or "19"));
        Assert.Equal("7", Read(host, Query(LoopFilter.All) with { Order = KeyOrder.Failures, PageSize = 1 })[0]);
        Assert.Equal("calm", reader.QueryKeys(Query(LoopFilter.Paused)).Keys[0].StateReason);
    }

    [Fact]
    public async Task A_page_of_many_keys_visits_few_of_them_and_says_how_to_go_on()
    {
        await using var host = await StartAsync(30_000);
        var query = new KeyQuery { TaskName = "devices", Prefix = "none of them" };
        var reader = Reader(host);
        reader.QueryKeys(query);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var page = reader.QueryKeys(query);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
        Assert.Empty(page.Keys);
        Assert.NotNull(page.Cursor);
        Assert.Equal(30_000, Read(host, query with { Prefix = null, PageSize = 1_000 }).Count);
    }

    [Fact]
    public async Task What_cannot_be_read_is_an_exception_that_says_why()
    {
        await using var host = await StartAsync(1);
        var (reader, query) = (Reader(host), new KeyQuery { TaskName = "devices" });

        Assert.Throws<KeyNotFoundException>(() => reader.QueryKeys(query with { TaskName = "device" }));
        Assert.Contains("has no keys", Assert.Throws<ArgumentException>(
            () => reader.QueryKeys(query with { TaskName = "poll" })).Message);
        Assert.Throws<ArgumentException>(() => reader.QueryKeys(query with { PageSize = 0 }));
        Assert.Throws<ArgumentException>(() => reader.QueryKeys(query with { Cursor = "x" }));
        Assert.Null(reader.FindKey("devices", "5"));
        Assert.Null(reader.FindKey("poll", "5"));
        Assert.Null(reader.FindKey("none", "5"));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await reader.QueryTotalsAsync(new() { From = host.Now, To = host.Now.AddHours(-1) }));
        await Assert.ThrowsAsync<ArgumentException>(async () => await reader.QueryLoopsAsync(new() { Prefix = "a" }));
    }

    [Fact]
    public async Task Without_a_store_instances_and_totals_come_from_memory()
    {
        await using var host = await StartAsync(1);
        await host.AdvanceAsync(59.Minutes);
        await host.AdvanceAsync(30.Minutes);

        var instance = Assert.Single(await Reader(host).QueryInstancesAsync());
        var query = new TotalQuery { TaskName = "poll", From = host.Now.AddHours(-1), To = host.Now, PageSize = 1 };
        var first = await Reader(host).QueryTotalsAsync(query);
        var second = await Reader(host).QueryTotalsAsync(query with { Cursor = first.Cursor });

        Assert.Equal(Environment.ProcessId, instance.ProcessId);
        Assert.Equal([30L, 34L], first.Totals.Concat(second.Totals).Select(total => total.Count)); // 64 records are kept
        Assert.Null(second.Cursor);
        Assert.Empty((await Reader(host).QueryLoopsAsync(new())).Loops);
    }

    private static KeyQuery Query(LoopFilter filter) => new() { TaskName = "devices", Filter = filter };

    private static IRecurringTaskReader Reader(VirtualHost host) => host.Services.GetRequiredService<IRecurringTaskReader>();

    private static List<string> Read(VirtualHost host, KeyQuery query)
    {
        var keys = new List<string>();
        while (true)
        {
            var page = Reader(host).QueryKeys(query);
            keys.AddRange(page.Keys.Select(key => key.Key!));
            if (page.Cursor is null)
                return keys;
            query = query with { Cursor = page.Cursor };
        }
    }

    private static async Task<VirtualHost> StartAsync(int count, int failing = -1)
    {
        var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(new Persistence.KeyScript { Failing = { $"{failing}" } });
            builder.Services.AddRecurringTask<Persistence.ScriptedKey<int>, int>("devices").Every(1.Minutes);
            builder.Services.AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(1.Minutes);
        });
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Persistence.ScriptedKey<int>, int>>();
        for (var key = 0; key < count; key++)
            keys.TryAdd(key);
        await host.AdvanceAsync(TimeSpan.Zero);
        return host;
    }
}
