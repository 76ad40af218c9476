using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;
using SafeLoop.Tests.Persistence;

namespace SafeLoop.Tests.Keys;

/// <summary>The counts of a keyed task, made in a pass over copies of rows, are those of its keys read one by one.</summary>
public sealed class KeyCountsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_counts_are_those_of_the_keys_whatever_was_done_to_them(int seed)
    {
        var (random, script) = (new Random(seed), new KeyScript());
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(script);
            builder.Services.AddRecurringTask<ScriptedKey<int>, int>("devices").Every(1.Minutes).PauseAfterFailures(3);
        });
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<int>, int>>();
        for (var key = 0; key < 700; key++) // more than are copied under one lock
            keys.TryAdd(key);

        for (var turn = 0; turn < 12; turn++)
        {
            for (var change = 0; change < 60; change++)
                Change(random, keys, script, random.Next(700));
            await host.AdvanceAsync(random.Next(1, 3).Minutes);
            Assert.Equal(CountOneByOne(host), host["devices"].Snapshot().Keys);
        }
        Assert.True(host["devices"].Snapshot().Keys is { Running: > 0, Failing: > 0, Paused: > 0, Ended: > 0 });
    }

    private static void Change(Random random, IRecurringTaskKeys<ScriptedKey<int>, int> keys, KeyScript script, int key)
    {
        switch (random.Next(10))
        {
            case 0:
                keys.TryRemove(key);
                break;
            case 1 or 2:
                keys.TryAdd(key);
                break;
            case 3:
                keys.Find(key)?.Pause("calm");
                break;
            case 4:
                keys.Find(key)?.Resume();
                break;
            case 5:
                keys.Find(key)?.Stop("done");
                break;
            case 6:
                keys.Find(key)?.Start();
                break;
            case 7:
                script.Blocked.Add($"{key}");
                break;
            case 8:
                script.Failing.Add($"{key}");
                break;
            default:
                script.Failing.Remove($"{key}");
                break;
        }
    }

    private static KeyCounts CountOneByOne(VirtualHost host)
    {
        var all = Read(host, LoopFilter.All);
        return new()
        {
            Count = all.Count,
            Running = Read(host, LoopFilter.Running).Count,
            Failing = all.Count(key => key is { End: null, ConsecutiveFailures: > 0 }),
            Paused = Read(host, LoopFilter.Paused).Count,
            Ended = Read(host, LoopFilter.Ended).Count,
        };
    }

    private static List<RecurringTaskSnapshot> Read(VirtualHost host, LoopFilter filter)
    {
        var query = new KeyQuery { TaskName = "devices", Filter = filter, PageSize = 1_000 };
        var keys = new List<RecurringTaskSnapshot>();
        while (true)
        {
            var page = host.Services.GetRequiredService<IRecurringTaskReader>().QueryKeys(query);
            keys.AddRange(page.Keys);
            if (page.Cursor is null)
                return keys;
            query = query with { Cursor = page.Cursor };
        }
    }
}
