using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Benchmarks;

/// <summary>How long the first pages of very many keys take, and what they allocate.</summary>
internal static class KeyPages
{
    private const int Repeats = 30;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(int keys)
    {
        await using var application = await Application.StartAsync(services =>
            services.AddRecurringTask<Key, int>("devices").Every(Period).Spread().AsSingleton());
        var loops = application.Services.GetRequiredService<IRecurringTaskKeys<Key, int>>();
        for (var key = 0; key < keys; key++)
            loops.TryAdd(key);
        await Task.Delay(Period); // each has run
        foreach (var path in new[]
        {
            "", "keys?task=devices", "keys?task=devices&show=Failing", "keys?task=devices&show=Slowest",
            $"keys?task=devices&prefix={keys - 1}", "api/keys?task=devices",
        })
            await MeasureAsync(application.Client, path);
    }

    private static async Task MeasureAsync(HttpClient client, string path)
    {
        var first = await ReadAsync(client, path); // compiles
        var all = new List<Figures>();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.1)); // what viewers share is older than a second then
            all.Add(await ReadAsync(client, path));
        }
        var times = all.Select(figures => figures.Milliseconds).Order().ToList();
        Console.WriteLine(
            $"{(path.Length == 0 ? "overview" : path)}: median {times[Repeats / 2]:0.0} ms, highest {times[^1]:0.0} ms, first "
            + $"{first.Milliseconds:0.0} ms; {all.Select(figures => figures.Megabytes).Order().ElementAt(Repeats / 2):0.00} MB "
            + $"allocated, answer of {all[^1].Bytes / 1024.0:0.0} KB");
    }

    private static async Task<Figures> ReadAsync(HttpClient client, string path)
    {
        var (before, began) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        var answer = await client.GetByteArrayAsync(path);
        var elapsed = Stopwatch.GetElapsedTime(began);
        return new(
            elapsed.TotalMilliseconds, (GC.GetTotalAllocatedBytes(precise: true) - before) / 1048576.0, answer.Length);
    }

    private sealed record Figures(double Milliseconds, double Megabytes, int Bytes);
}
