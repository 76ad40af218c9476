using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Benchmarks;

/// <summary>What the runner costs per iteration of a step that does nothing, beside the loop one would write by hand.</summary>
[MemoryDiagnoser]
public class IterationOverhead
{
    private const int Iterations = 1_000_000;

    private static readonly Func<Iteration?, CancellationToken, ValueTask> Step = static (_, _) => default;

    private IHost _host = null!;
    private MeterListener? _listener;
    private long _measured;

    [GlobalSetup]
    public void StartHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTask("singleton", Step).Continuously().AsSingleton().StopAfter(Iterations);
        builder.Services.AddRecurringTask("scoped", Step).Continuously().StopAfter(Iterations);
        builder.Services.AddRecurringTask("limited", Step).Continuously().AsSingleton().StopAfter(Iterations)
            .WithTimeout(TimeSpan.FromSeconds(30));
        builder.Services.AddRecurringTask("locked", Step).Continuously().AsSingleton().StopAfter(Iterations).WithLock("lock");
        _host = builder.Build();
        _host.Start();
    }

    [GlobalCleanup]
    public void StopHost()
    {
        _listener?.Dispose();
        _host.StopAsync().GetAwaiter().GetResult();
        _host.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Iterations)]
    public Task HandWritten() =>
        Task.Run(() => RunByHandAsync(_host.Services.GetRequiredService<ILogger<IterationOverhead>>(), CancellationToken.None));

    [Benchmark(OperationsPerInvoke = Iterations)]
    public Task Singleton() => RunAsync("singleton");

    [Benchmark(OperationsPerInvoke = Iterations)]
    public Task Singleton_measured()
    {
        _listener ??= Listen();
        return RunAsync("singleton");
    }

    [Benchmark(OperationsPerInvoke = Iterations)]
    public Task Singleton_with_timeout() => RunAsync("limited");

    [Benchmark(OperationsPerInvoke = Iterations)]
    public Task Singleton_with_lock() => RunAsync("locked");

    [Benchmark(OperationsPerInvoke = Iterations)]
    public Task Scoped() => RunAsync("scoped");

    private static async Task RunByHandAsync(ILogger logger, CancellationToken stopping)
    {
        for (var n = 0; n < Iterations && !stopping.IsCancellationRequested; n++)
        {
            try
            {
                await Step(null, stopping);
            }
            catch (Exception error)
            {
                logger.LogError(error, "The iteration failed");
            }
        }
    }

    private async Task RunAsync(string name)
    {
        var task = _host.Services.GetRequiredService<IRecurringTasks>()[name];
        task.Start();
        await task.Completion;
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "SafeLoop")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => _measured += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => _measured++);
        listener.Start();
        return listener;
    }
}
