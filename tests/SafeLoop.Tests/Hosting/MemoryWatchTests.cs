using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Hosting;

public class MemoryWatchTests
{
    private const long Megabyte = 1024 * 1024;

    private readonly HeapState[] _heap = [new(0, 0, 1000 * Megabyte)];

    [Fact]
    public void Twice_over_the_threshold_and_rising_is_reported_once()
    {
        using var host = Run();
        Collect(host, 600);
        Assert.Empty(Alerts(host));
        Collect(host, 620);
        Collect(host, 650);

        var line = Assert.Single(Alerts(host));
        Assert.Equal(
            "The heap holds 620 MB of 1,000 MB (62 %) after a full collection, 20.0 MB more than after the one before. "
            + $"To see what keeps it: safeloop diagnose {Environment.ProcessId}",
            line.Text!.Replace('\u00A0', ' '));
        Assert.Equal(line.Text, Assert.Single(host.Logs.Lines, logged => logged.Level is LogLevel.Warning).Text);
    }

    [Theory]
    [InlineData(600, 600, 600)] // full, but not rising
    [InlineData(600, 590, 580)]
    [InlineData(600, 400, 610)] // not twice in a row
    [InlineData(100, 300, 500)] // rising, but not over
    public void Anything_else_is_not(int first, int second, int third)
    {
        using var host = Run();
        Collect(host, first);
        Collect(host, second);
        Collect(host, third);

        Assert.Empty(Alerts(host));
    }

    [Fact]
    public void No_collection_no_look()
    {
        using var host = Run();
        Collect(host, 600);
        _heap[0] = _heap[0] with { Used = 700 * Megabyte };
        host.Advance(60.Seconds);

        Assert.Empty(Alerts(host));
    }

    [Fact]
    public async Task Health_is_degraded_until_the_heap_has_been_below_again_and_then_it_can_be_reported_again()
    {
        using var host = Run();
        Assert.Equal(HealthStatus.Healthy, (await Check(host)).Status);
        Collect(host, 600);
        Collect(host, 620);
        var degraded = await Check(host);
        Assert.Equal(HealthStatus.Degraded, degraded.Status);
        Assert.Contains("The heap holds 620 MB", degraded.Entries.Single().Value.Description);

        Collect(host, 300);
        Assert.Equal(HealthStatus.Healthy, (await Check(host)).Status);
        Collect(host, 700);
        Collect(host, 800);
        Assert.Equal(2, Alerts(host).Count);
    }

    [Fact]
    public void What_the_collector_has_written_down_is_read()
    {
        var before = HeapState.Read();
        GC.Collect();
        var after = HeapState.Read();

        Assert.True(after.Collection > before.Collection);
        Assert.InRange(after.Used, 1, after.Limit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_threshold_that_is_no_share_is_a_mistake(double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddMemoryWatch(threshold));

    [Fact]
    public void Two_thresholds_are_a_mistake_and_the_same_one_twice_is_not()
    {
        var services = new ServiceCollection().AddMemoryWatch(0.8).AddMemoryWatch(0.8);

        var error = Assert.Throws<InvalidOperationException>(() => services.AddMemoryWatch());

        Assert.Equal("The memory watch is already registered with threshold 0.8; this call uses 0.5. "
            + "Call AddMemoryWatch once, or with the same threshold.", error.Message);
    }

    [Fact]
    public void Of_collections_between_two_looks_the_last_counts()
    {
        using var host = Run();
        Collect(host, 600);
        _heap[0] = new(_heap[0].Collection + 1, 300 * Megabyte, 1000 * Megabyte);
        Collect(host, 620);

        Assert.Single(Alerts(host));
    }

    private static IReadOnlyList<LoopEvent> Alerts(LoopHost host) => host.Observer.Of(LoopEventKind.MemoryRising);

    private static Task<HealthReport> Check(LoopHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private LoopHost Run() => LoopHost.Run(services =>
    {
        services.AddSingleton<Func<HeapState>>(() => _heap[0]).AddMemoryWatch().AddMemoryWatch();
        services.AddHealthChecks().AddRecurringTasks();
    });

    private void Collect(LoopHost host, long used)
    {
        _heap[0] = new(_heap[0].Collection + 1, used * Megabyte, 1000 * Megabyte);
        host.Advance(5.Seconds);
    }
}
