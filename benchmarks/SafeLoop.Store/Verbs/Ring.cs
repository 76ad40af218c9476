using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Storage;
using SafeLoop.Store.Databases;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Store.Verbs;

/// <summary>How much more CPU an iteration takes because a store observes how it ended.</summary>
internal static class Ring
{
    public static async Task RunAsync(StoreArguments arguments)
    {
        var iterations = arguments.Get("iterations", 1_000_000);
        using var without = await StartAsync(iterations, hasStore: false);
        using var with = await StartAsync(iterations, hasStore: true);
        await MeasureAsync(without, iterations); // compiles
        await MeasureAsync(with, iterations);
        var results = await Alternation.RunAsync(
            arguments.Get("runs", 21), ["none", "store"],
            variant => MeasureAsync(variant is "none" ? without : with, iterations));
        var time = Median.Of(results["none"].Zip(results["store"], (one, other) => other.Nanoseconds - one.Nanoseconds));
        var bytes = Median.Of(results["none"].Zip(results["store"], (one, other) => other.Bytes - one.Bytes));
        Console.WriteLine(
            $"without: {Median.Text("ns", [.. results["none"].Select(r => r.Nanoseconds)])}; with: "
            + $"{Median.Text("ns", [.. results["store"].Select(r => r.Nanoseconds)])} an iteration");
        Console.WriteLine($"per event: {time:0.0} ns, {bytes:0.000} B; aim: at most 100 ns, 0 B");
        await without.StopAsync();
        await with.StopAsync();
    }

    private static async Task<IHost> StartAsync(int iterations, bool hasStore)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        if (hasStore)
            builder.Services.AddSingleton<IRecurringTaskStore>(new NullStore());
        builder.Services.AddRecurringTask("loop", static (_, _) => default).Continuously().AsSingleton().StopAfter(iterations);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<Figures> MeasureAsync(IHost host, int iterations)
    {
        var task = host.Services.GetRequiredService<IRecurringTasks>()["loop"];
        await task.Completion;
        using var process = Process.GetCurrentProcess();
        var (bytes, cpu) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
        task.Start();
        await task.Completion;
        process.Refresh();
        return new(
            (process.TotalProcessorTime - cpu).TotalNanoseconds / iterations,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / iterations);
    }

    private sealed record Figures(double Nanoseconds, double Bytes)
    {
        public override string ToString() => $"{Nanoseconds:0.0} ns, {Bytes:0.000} B an iteration";
    }
}
