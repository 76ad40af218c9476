using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop;

namespace Nightly;

/// <summary>A service with one nightly job, which remembers its nights.</summary>
internal static class Service
{
    public const string Begins = "the report begins", Ends = "the report is done";

    // A real night would be "0 3 * * *".
    private const string Night = "*/10 * * * * *";

    private static readonly TimeSpan Work = TimeSpan.FromSeconds(1);

    /// <summary>Runs it until its input ends.</summary>
    public static async Task RunAsync()
    {
        using var host = Build();
        await host.StartAsync();
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
        await host.StopAsync();
    }

    /// <summary>Builds its host. One that is not started can read the history all the same.</summary>
    public static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTaskStore(db => db.UseSqlite("Data Source=nightly.db"));
        builder.Services.AddRecurringTask("report", async (iteration, token) =>
            {
                Print(iteration, Begins);
                await Task.Delay(Work, TimeProvider.System, token);
                Print(iteration, Ends);
            })
            .Cron(Night)
            .SurviveRestarts(window: TimeSpan.FromMinutes(1));
        return builder.Build();
    }

    private static void Print(Iteration iteration, string what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {iteration.Slot:HH:mm:ss}  {what}"));
}
