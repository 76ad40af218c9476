using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Dashboard.Tests;

namespace SafeLoop.Dashboard.Benchmarks;

/// <summary>How the searches of the store grow with the viewers.</summary>
internal static class Viewers
{
    public static async Task RunAsync(TimeSpan span)
    {
        var reader = new CountingReader();
        await using var application = await Application.StartAsync(services =>
        {
            services.AddRecurringTask("ticks", static (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromSeconds(1));
            services.AddSingleton<IRecurringTaskReader>(reader);
        });
        foreach (var viewers in new[] { 0, 1, 50 })
        {
            using var stop = new CancellationTokenSource();
            var following = Enumerable.Range(0, viewers).Select(_ => FollowAsync(application.Client, stop.Token)).ToList();
            await Task.Delay(TimeSpan.FromSeconds(3)); // all have connected
            var before = reader.Queries;
            await Task.Delay(span);
            var queries = reader.Queries - before;
            await stop.CancelAsync();
            await Task.WhenAll(following);
            Console.WriteLine($"{viewers} viewers: {queries} queries in {span.TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromSeconds(3)); // the application has noticed that they left
        }
    }

    private static async Task FollowAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await using var events = await client.GetStreamAsync("api/events", cancellationToken);
            await events.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The viewer has left.
        }
    }
}
