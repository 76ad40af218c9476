using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Samples: the memory of a host over time, which outlives the host.
public abstract partial class RecurringTaskStoreContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The samples show how near a heap came to its limit, and how large it is now.</summary>
    [Fact]
    public async Task Of_each_minute_the_sample_with_the_largest_heap_is_kept_and_the_last_one_of_the_instance()
    {
        var host = await StartAsync();
        Assert.Null(Assert.Single(await host.Store.QueryInstancesAsync(default)).LastSample);
        var began = (await host.SendHeartbeatAsync(sample: Sample(5))).Now;
        await host.SendHeartbeatAsync(sample: Sample(9));
        var now = (await host.SendHeartbeatAsync(sample: Sample(7))).Now;

        var samples = await ReadSamplesAsync(host.Store, host.Id);
        Assert.Equal(Sample(9), samples.MaxBy(sample => sample.HeapSize)! with { Taken = default });
        Assert.InRange(samples.Count, 1, 1 + (int)Math.Ceiling((now - began) / Minute)); // a minute may have begun meanwhile
        Assert.All(samples, sample => Assert.InRange(sample.Taken, began - Minute, now));
        Assert.Equal(
            Sample(7) with { Taken = now }, Assert.Single(await host.Store.QueryInstancesAsync(default)).LastSample);
    }

    /// <summary>A trend is read minute by minute, in pages.</summary>
    [Fact]
    public async Task Samples_are_read_by_range_in_pages_the_latest_first()
    {
        var host = await StartAsync();
        var beats = new List<DateTimeOffset>();
        for (var n = 1; n <= 4; n++)
        {
            beats.Add((await host.SendHeartbeatAsync(sample: Sample(n))).Now);
            if (n < 4)
                await AdvanceAsync(Minute);
        }

        var all = await ReadSamplesAsync(host.Store, host.Id, pageSize: 1);
        Assert.Equal([4, 3, 2, 1], all.Select(sample => sample.HeapSize));
        Assert.Equal(all.OrderByDescending(sample => sample.Taken), all);
        var query = new SampleQuery { Instance = host.Id, From = beats[1], To = all[0].Taken };
        Assert.Equal([3, 2], (await host.Store.QuerySamplesAsync(query, default)).Samples.Select(sample => sample.HeapSize));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await host.Store.QuerySamplesAsync(query with { Cursor = "x" }, default));
    }

    /// <summary>An operator needs the samples of a process from before it died.</summary>
    [Fact]
    public async Task The_samples_of_a_lost_host_stay_and_it_adds_none()
    {
        var (gone, other) = (await StartAsync(0), await StartAsync(1));
        await gone.SendHeartbeatAsync(sample: Sample(90));
        await LoseAsync(gone, other, Sample(91));
        await gone.SendHeartbeatAsync(sample: Sample(92));

        Assert.Equal([90], (await ReadSamplesAsync(other.Store, gone.Id)).Select(sample => sample.HeapSize));
        var instance = Assert.Single(await other.Store.QueryInstancesAsync(default), instance => instance.Id == gone.Id);
        Assert.Equal((RecurringTaskInstanceState.Lost, 90), (instance.State, instance.LastSample!.HeapSize));
        Assert.Equal([1], (await ReadSamplesAsync(gone.Store, other.Id)).Select(sample => sample.HeapSize).Distinct());
        Assert.Empty(await ReadSamplesAsync(other.Store, Guid.NewGuid()));
    }

    /// <summary>Applications that share a database do not see each other.</summary>
    [Fact]
    public async Task Samples_of_another_application_are_not_read()
    {
        var (one, other) = (await StartAsync(0), await StartAsync(1, "-other"));
        await one.SendHeartbeatAsync();

        Assert.Empty(await ReadSamplesAsync(other.Store, one.Id));
        await DeleteAsync(other, new() { Samples = default });
        Assert.NotEmpty(await ReadSamplesAsync(one.Store, one.Id));
    }

    /// <summary>Their number stays bounded, however long a host runs.</summary>
    [Fact]
    public async Task Samples_are_kept_for_a_time_of_their_own()
    {
        var host = await StartAsync();
        await host.SendHeartbeatAsync(sample: Sample(3));
        await AdvanceAsync(LostAfter);

        await DeleteAsync(host, new() { Successes = LostAfter / 2, Others = LostAfter / 2 });
        Assert.Single(await ReadSamplesAsync(host.Store, host.Id));
        await DeleteAsync(host, new() { Samples = LostAfter / 2 });
        Assert.Empty((await ReadSamplesAsync(host.Store, host.Id)).Where(sample => sample.HeapSize == 3));
        Assert.Equal(3, Assert.Single(await host.Store.QueryInstancesAsync(default)).LastSample!.HeapSize);
    }

    private static InstanceSample Sample(long heapSize) =>
        new() { HeapSize = heapSize, HeapLimit = 100 + heapSize, Loops = 10 + (int)heapSize };

    private static async Task<List<InstanceSample>> ReadSamplesAsync(
        IRecurringTaskStore store, Guid instance, int pageSize = 1_000)
    {
        var samples = new List<InstanceSample>();
        var query = new SampleQuery
        {
            Instance = instance,
            From = DateTimeOffset.MinValue,
            To = DateTimeOffset.MaxValue,
            PageSize = pageSize,
        };
        while (true)
        {
            var page = await store.QuerySamplesAsync(query, default);
            Assert.InRange(page.Samples.Count, 0, query.PageSize);
            samples.AddRange(page.Samples);
            Assert.True(samples.Count <= 10_000, "The pages of a query do not end.");
            if (page.Cursor is null)
                return samples;
            query = query with { Cursor = page.Cursor };
        }
    }
}
