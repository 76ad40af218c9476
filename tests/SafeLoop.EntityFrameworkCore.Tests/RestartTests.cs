using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Hosts in virtual time that crash and start again over one SQLite file.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-restart-").FullName;
    private readonly List<string> _runs = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_came_due_while_no_host_was_running_is_recorded_and_caught_up()
    {
        await using var host = await VirtualHost.StartAsync(
            Register, new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero));
        await host.AdvanceAsync(TimeSpan.FromHours(2));
        await host["report"].PauseAsync("release", "Ann", host.Now + TimeSpan.FromHours(5));

        await using var again = await host.CrashAndRestartAsync(after: TimeSpan.FromHours(3));
        Assert.Equal(RecurringTaskState.Paused, again["report"].State);
        again["report"].Resume();
        await again.AdvanceAsync(TimeSpan.FromHours(1));

        await using var last = await again.CrashAndRestartAsync(after: TimeSpan.FromMinutes(200));
        await last.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["01:00", "02:00", "06:00", "09:00"], _runs);
        Assert.Equal(
            [
                "01:00 Succeeded ×1", "02:00 Succeeded ×1", "05:00 Skipped Paused ×3", "06:00 Succeeded ×1",
                "08:00 Skipped HostDown ×2", "09:00 Succeeded ×1",
            ],
            await HistoryAsync(last));
        Assert.Equal(4, last["report"].Snapshot().Succeeded);
    }

    private void Register(HostApplicationBuilder builder)
    {
        builder.Services.AddRecurringTaskStore(
            db => db.UseSqlite($"Data Source={Path.Combine(_folder, "store.db")};Pooling=False"));
        builder.Services
            .AddRecurringTask("report", (Iteration iteration, CancellationToken _) =>
            {
                _runs.Add($"{iteration.Slot:HH:mm}");
                return ValueTask.CompletedTask;
            })
            .Every(TimeSpan.FromHours(1))
            .SurviveRestarts(TimeSpan.FromMinutes(50));
    }

    private static async Task<string[]> HistoryAsync(VirtualHost host)
    {
        var store = host.Services.GetRequiredService<IRecurringTaskStore>();
        var page = await store.QueryAsync(new() { TaskName = "report" }, default);
        return [.. page.Entries.Reverse().Select(entry => entry.Record).Select(record =>
            $"{record.Slot:HH:mm} {record.Outcome}{(record.Reason is OutcomeReason.None ? "" : $" {record.Reason}")} "
            + $"×{record.Count}")];
    }
}
