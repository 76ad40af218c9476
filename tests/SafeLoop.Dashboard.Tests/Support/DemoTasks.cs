using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Tasks that behave in every way, for pages and their pictures.</summary>
internal static class DemoTasks
{
    public static readonly DateTimeOffset Start = new(2026, 3, 27, 6, 0, 0, TimeSpan.Zero);

    public static void Add(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRecurringTask("import prices", RunAsync(900, 350)).Every(TimeSpan.FromMinutes(1));
        services.AddRecurringTask("send invoices", FailAt(7, "The mail server refused the message: 451 try again later."))
            .Every(TimeSpan.FromMinutes(5));
        services.AddRecurringTask("sync orders", FailFrom(80, "Connection refused (orders.internal:5432)"))
            .Every(TimeSpan.FromMinutes(2)).BackOff(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10));
        services.AddRecurringTask("nightly report", RunAsync(62_000, 9_000)).Cron("30 2 * * *", "Europe/Berlin");
        services.AddRecurringTask("rotate keys", RunAsync(2_500, 400)).Cron("0 */2 * * *", "Europe/Berlin");
        services.AddRecurringTask("crawl catalog", HangAt(6)).Every(TimeSpan.FromMinutes(10))
            .WithTimeout(TimeSpan.FromMinutes(2));
        services.AddRecurringTask("resize images", RunAsync(95_000, 30_000)).Every(TimeSpan.FromMinutes(1));
        services.AddRecurringTask("warm cache", RunAsync(180, 60)).Every(TimeSpan.FromMinutes(3)).OnMissed(MissedSlots.Skip);
        services.AddRecurringTask("newsletter", RunAsync(500, 100)).Cron("0 9 * * 1", "Europe/Berlin");
        services.AddRecurringTask<PollDevice, string>("poll devices").Every(TimeSpan.FromMinutes(1));
    }

    /// <summary>Adds keys, lets hours pass, and does what people do.</summary>
    public static async Task LiveAsync(IServiceProvider services, TimeSpan span)
    {
        var host = VirtualHost.FromServices(services);
        var keys = services.GetRequiredService<IRecurringTaskKeys<PollDevice, string>>();
        foreach (var number in Enumerable.Range(1, 24))
            keys.TryAdd($"device-{number:000}");
        await host.AdvanceAsync(span - TimeSpan.FromMinutes(14));
        await host.SleepAsync(TimeSpan.FromMinutes(4));
        await SendAsync(services, "newsletter", TaskCommandKind.Pause, "Wait for the new template.", "ann");
        await SendAsync(services, "rotate keys", TaskCommandKind.RunNow, "Key of staging was shared by mistake.", "ben");
        await host.AdvanceAsync(TimeSpan.FromMinutes(10.5));
    }

    public static Task SendAsync(IServiceProvider services, string task, TaskCommandKind kind, string reason, string by) =>
        services.GetRequiredService<IRecurringTaskCommands>()
            .SendAsync(new() { TaskName = task, Kind = kind, Reason = reason, By = by });

    private static Func<Iteration, CancellationToken, Task> RunAsync(int milliseconds, int spread) =>
        (iteration, cancellationToken) =>
            PassAsync(iteration, milliseconds + (iteration.Number * 7919 % spread), cancellationToken);

    private static Func<Iteration, CancellationToken, Task> FailAt(int every, string message) =>
        async (iteration, cancellationToken) =>
        {
            await PassAsync(iteration, 240 + (iteration.Number * 31 % 90), cancellationToken);
            if (iteration.Number % every == 0)
                throw new InvalidOperationException(message);
        };

    private static Func<Iteration, CancellationToken, Task> FailFrom(int number, string message) =>
        async (iteration, cancellationToken) =>
        {
            await PassAsync(iteration, 120 + (iteration.Number * 17 % 60), cancellationToken);
            if (iteration.Number >= number)
                throw new HttpRequestException(message);
        };

    private static Func<Iteration, CancellationToken, Task> HangAt(int every) =>
        (iteration, cancellationToken) => PassAsync(
            iteration, iteration.Number % every == 0 ? 600_000 : 31_000 + (iteration.Number * 997 % 9_000), cancellationToken);

    private static Task PassAsync(Iteration iteration, long milliseconds, CancellationToken cancellationToken) => Task.Delay(
        TimeSpan.FromMilliseconds(milliseconds), iteration.Services.GetRequiredService<TimeProvider>(), cancellationToken);
}
