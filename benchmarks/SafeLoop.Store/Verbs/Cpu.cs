using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Scale.Measuring;
using SafeLoop.Store.Databases;
using SafeLoop.Store.Loops;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Store.Verbs;

/// <summary>CPU of this process per iteration of keyed loops, with a store and without. That of the compiler is apart.</summary>
internal static class Cpu
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(StoreArguments arguments)
    {
        var (keys, time) = (arguments.Get("keys", 1_000_000), arguments.Seconds(30));
        var results = await Alternation.RunAsync(
            arguments.Get("runs", 5), ["none", "SQLite", "PostgreSQL"], variant => MeasureAsync(variant, keys, time));
        var without = Median.Of(results["none"].Select(run => run.Microseconds));
        foreach (var (variant, runs) in results)
        {
            var with = Median.Of(runs.Select(run => run.Microseconds));
            Console.WriteLine(
                $"{variant}: {with:0.000} µs an iteration, {with / without:0.000} times, {with - without:+0.000;-0.000} µs; "
                + $"compiler: {Median.Of(runs.Select(run => run.Compiling)):0.000} µs; aim: at most 1.15 times, or 0.4 µs more");
        }
    }

    private static async Task<Figures> MeasureAsync(string variant, int keys, TimeSpan time)
    {
        using IDatabase? database = variant switch
        {
            "SQLite" => new SqliteFile(),
            "PostgreSQL" => new Postgres(),
            _ => null,
        };
        var builder = Host.CreateEmptyApplicationBuilder(new());
        if (database is not null)
            builder.Services.AddRecurringTaskStore(database.Use, application: "benchmark");
        builder.Services.AddRecurringTask<NotingStep, int>().Every(Period).Spread().AsSingleton();
        using var host = builder.Build();
        await host.StartAsync();
        var loops = host.Services.GetRequiredService<IRecurringTaskKeys<NotingStep, int>>();
        for (var key = 0; key < keys; key++)
            loops.TryAdd(key);
        await Task.Delay(Period); // each loop has run once, and its code is compiled

        using var process = Process.GetCurrentProcess();
        var (before, began, cpu, compiling) = (Lateness.Read(), Stopwatch.GetTimestamp(), CpuOf(process), JitThread.ReadCpu());
        await Task.Delay(time);
        var (spent, seconds) = (CpuOf(process) - cpu, Stopwatch.GetElapsedTime(began).TotalSeconds);
        var compiled = JitThread.ReadCpu() - compiling;
        compiled = compiled > TimeSpan.Zero ? compiled : TimeSpan.Zero; // the thread ends when it has nothing to do
        var noted = Lateness.Read().Since(before);
        await host.StopAsync();
        return new(
            (spent - compiled).TotalMicroseconds / noted.Count, compiled.TotalMicroseconds / noted.Count, noted.Count / seconds,
            noted.Milliseconds(0.99));
    }

    private static TimeSpan CpuOf(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private sealed record Figures(double Microseconds, double Compiling, double PerSecond, double P99)
    {
        public override string ToString() =>
            $"{Microseconds:0.000} µs an iteration and {Compiling:0.000} µs of the compiler, {PerSecond:0} a second, "
            + $"p99 {P99:0.0} ms late";
    }
}
