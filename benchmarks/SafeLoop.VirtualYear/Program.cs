using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop;
using SafeLoop.Testing;

// A year of a task that runs every minute and does nothing, as a test would run it. The first run
// pays for the compiler; look at the others.
var zone = args.FirstOrDefault() ?? "UTC";
for (var run = 1; run <= 3; run++)
{
    var iterations = 0;
    await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask(
        "everyMinute", (iteration, ct) =>
        {
            iterations++;
            return ValueTask.CompletedTask;
        }).Cron("* * * * *", zone));

    var since = Stopwatch.GetTimestamp();
    await host.AdvanceAsync(TimeSpan.FromDays(365));
    var elapsed = Stopwatch.GetElapsedTime(since);

    var succeeded = host.Observer.Records().Count(record => record.Outcome is IterationOutcome.Succeeded);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{iterations:N0} iterations ({succeeded:N0} succeeded) of '* * * * *' in {zone} "
        + $"in {elapsed.TotalSeconds:0.00} s, {elapsed.TotalMicroseconds / iterations:0.00} µs each"));
}
