namespace SafeLoop.Dashboard.Tests;

public sealed class HeapScaleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_limit_is_the_top_when_the_heap_is_near_it()
    {
        var scale = new HeapScale(Samples(100, 250, 500));

        Assert.True(scale.HasLimit);
        Assert.Equal("0,89.2 0,89.2 120,74.5 240,50", scale.Line);
        Assert.Equal("1", scale.At(scale.Limit));
    }

    [Fact]
    public void Far_below_the_limit_the_trend_fills_the_chart_and_the_limit_is_not_in_it()
    {
        var scale = new HeapScale(Samples(1, 2));

        Assert.False(scale.HasLimit);
        Assert.Equal("0,74.5 0,74.5 240,50", scale.Line);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void One_sample_is_a_line_from_edge_to_edge(long size)
    {
        var scale = new HeapScale(Samples(size));

        Assert.Equal($"0,{scale.At(size)} 240,{scale.At(size)}", scale.Line);
    }

    [Fact]
    public void Of_many_samples_the_largest_and_the_ends_are_shown()
    {
        var samples = Samples([.. Enumerable.Range(0, 4_320).Select(n => n == 1_234 ? 900L : n % 7)]);

        var thin = HeapScale.Thin(samples);

        Assert.InRange(thin.Count, 100, 122);
        Assert.Equal((samples[0], samples[^1]), (thin[0], thin[^1]));
        Assert.Equal(900, thin.Max(sample => sample.HeapSize));
        Assert.Equal(thin.OrderBy(sample => sample.Taken), thin);
    }

    private static InstanceSample[] Samples(params long[] sizes) => [.. sizes.Select((size, n) => new InstanceSample
    {
        Taken = Start.AddMinutes(n),
        HeapSize = size,
        HeapLimit = 1_000,
        Loops = 1,
    })];
}
