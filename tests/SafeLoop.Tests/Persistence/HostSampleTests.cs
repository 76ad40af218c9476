using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

public class HostSampleTests
{
    private long _used = 100;

    [Fact]
    public async Task Each_heartbeat_carries_the_heap_its_limit_and_the_loops_of_the_host()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await host.AdvanceAsync(10.Seconds);
        Assert.Equal((100, 1_000, 1), await LastAsync());

        foreach (var key in (int[])[1, 2, 3])
            host.Services.GetRequiredService<IRecurringTaskKeys<IdleKey, int>>().TryAdd(key);
        _used = 900;
        await host.AdvanceAsync(5.Seconds);
        Assert.Equal((900, 1_000, 4), await LastAsync());

        async Task<(long, long, int)> LastAsync()
        {
            var instance = Assert.Single(await ReaderOf(host.Services).QueryInstancesAsync());
            Assert.Equal(instance.LastHeartbeat, instance.LastSample!.Taken);
            return (instance.LastSample.HeapSize, instance.LastSample.HeapLimit, instance.LastSample.Loops);
        }
    }

    [Fact]
    public async Task The_trend_of_a_host_that_was_killed_can_be_read_by_another()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        for (var minute = 0; minute < 5; minute++)
        {
            _used += 100;
            await host.AdvanceAsync(1.Minutes);
        }
        var dead = Assert.Single(await ReaderOf(host.Services).QueryInstancesAsync());
        hosts.Kill();
        _used = 7;
        var next = await hosts.StartAsync(Register);
        await next.AdvanceAsync(2.Minutes);

        var query = new SampleQuery { Instance = dead.Id, From = StoredHosts.Start, To = next.Now };
        var samples = (await ReaderOf(next.Services).QuerySamplesAsync(query)).Samples;
        Assert.Equal([600, 600, 500, 400, 300, 200], samples.Select(sample => sample.HeapSize));
        var instances = await ReaderOf(next.Services).QueryInstancesAsync();
        Assert.Equal([7, 600], instances.Select(instance => instance.LastSample!.HeapSize));
        Assert.Equal(RecurringTaskInstanceState.Lost, instances[1].State);
    }

    [Fact]
    public async Task Without_a_store_this_host_is_sampled_while_it_is_read()
    {
        using var host = LoopHost.Run(Register);
        var reader = ReaderOf(host.Services);
        var self = Assert.Single(await reader.QueryInstancesAsync());
        Assert.Equal(100, self.LastSample!.HeapSize);
        var query = new SampleQuery { Instance = self.Id, From = LoopHost.Start, To = LoopHost.Start.AddDays(1), PageSize = 2 };

        for (_used = 200; _used <= 400; _used += 100)
        {
            host.Advance(5.Seconds);
            await reader.QuerySamplesAsync(query);
            await reader.QuerySamplesAsync(query); // moments later: the samples of many viewers are the same
        }
        var page = await reader.QuerySamplesAsync(query);
        Assert.Equal([400, 300], page.Samples.Select(sample => sample.HeapSize));
        page = await reader.QuerySamplesAsync(query with { Cursor = page.Cursor });
        Assert.Equal([200, 100], page.Samples.Select(sample => sample.HeapSize));
        Assert.Null(page.Cursor);
        Assert.Empty((await reader.QuerySamplesAsync(query with { Instance = Guid.NewGuid() })).Samples);
        Assert.Empty(await reader.QueryGapsAsync(LoopHost.Start));
    }

    [Fact]
    public async Task A_query_that_cannot_be_meant_is_refused_with_a_sentence()
    {
        using var host = LoopHost.Run(Register);
        var query = new SampleQuery { Instance = Guid.NewGuid(), From = LoopHost.Start, To = LoopHost.Start.AddDays(1) };
        (SampleQuery Query, string Error)[] refused =
        [
            (query with { PageSize = 0 }, "PageSize must be 1 to 10,000; it is 0."),
            (query with { To = LoopHost.Start.AddDays(-1) }, "Swap them."),
        ];

        foreach (var (wrong, error) in refused)
        {
            var thrown = await Assert.ThrowsAsync<ArgumentException>(
                async () => await ReaderOf(host.Services).QuerySamplesAsync(wrong));
            Assert.Contains(error, thrown.Message, StringComparison.Ordinal);
        }
    }

    private static IRecurringTaskReader ReaderOf(IServiceProvider services) =>
        services.GetRequiredService<IRecurringTaskReader>();

    private void Register(IServiceCollection services)
    {
        services.AddSingleton<Func<HeapState>>(() => new(1, Volatile.Read(ref _used), 1_000));
        services.AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(1.Hours);
        services.AddRecurringTask<IdleKey, int>().Every(1.Hours);
    }
}
