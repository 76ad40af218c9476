using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Keyed tasks of hosts in virtual time that crash and start again over one SQLite file.</summary>
public sealed class KeyRestartTests : IDisposable
{
    private static readonly string[] AllKeys = ["bad", "good", "paused"];

    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-keys-").FullName;
    private readonly List<string> _runs = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_key_goes_on_where_it_was()
    {
        await using var host = await StartAsync(
            task => task.Every(TimeSpan.FromHours(1)).SurviveRestarts(TimeSpan.FromMinutes(50)));
        await host.AdvanceAsync(TimeSpan.FromHours(1));
        await Keys(host).Find("paused")!.PauseAsync("release", "Ann");
        await host.AdvanceAsync(TimeSpan.FromHours(1));

        await using var again = await host.CrashAndRestartAsync(after: TimeSpan.FromHours(3) + TimeSpan.FromMinutes(5));
        AddKeys(again);
        await again.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(("release", "Ann"), (
            Keys(again).Find("paused")!.Snapshot().Pause?.Reason, Keys(again).Find("paused")!.Snapshot().Pause?.By));
        Assert.Equal(3, Keys(again).Find("bad")!.Snapshot().ConsecutiveFailures);
        Assert.Equal(
            ["01:00 Succeeded ×1", "02:00 Succeeded ×1", "04:00 Skipped HostDown ×2", "05:00 Succeeded ×1"],
            await HistoryAsync(again, "good"));
        Assert.Equal(
            ["01:00 Failed ×1", "02:00 Failed ×1", "04:00 Skipped HostDown ×2", "05:00 Failed ×1"],
            await HistoryAsync(again, "bad"));
        Assert.Equal(
            ["01:00 Succeeded ×1", "02:00 Skipped Paused ×1", "05:00 Skipped Paused ×3"], await HistoryAsync(again, "paused"));
    }

    [Fact]
    public async Task Without_remembered_slots_pauses_and_failures_of_keys_are_kept_until_they_are_over()
    {
        await using var host = await StartAsync(task => task.Every(TimeSpan.FromMinutes(1)).PauseAfterFailures(3));
        await Keys(host).Find("paused")!.PauseAsync("release", "Ann", host.Now + TimeSpan.FromMinutes(30));
        await host.AdvanceAsync(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(5));

        await using var again = await host.CrashAndRestartAsync(after: TimeSpan.FromMinutes(5));
        AddKeys(again);
        await again.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((RecurringTaskState.Paused, "Paused after failures in a row."), StateOf(again, "bad"));
        Assert.Equal((RecurringTaskState.Paused, "release"), StateOf(again, "paused"));

        Keys(again).Find("bad")!.Resume();
        await again.AdvanceAsync(TimeSpan.FromSeconds(2));
        await again.AdvanceAsync(TimeSpan.FromMinutes(30));
        var store = again.Services.GetRequiredService<IRecurringTaskStore>();
        var loops = await store.LoadAsync([new() { Name = "logged", IsKeyed = true, Schedule = "" }], default);

        Assert.Equal((RecurringTaskState.Waiting, null), StateOf(again, "paused"));
        Assert.Equal(["", "bad"], loops.Select(loop => $"{loop.Key}").Order());
    }

    private static (RecurringTaskState, string?) StateOf(VirtualHost host, string key) =>
        (Keys(host).Find(key)!.Snapshot().State, Keys(host).Find(key)!.Snapshot().StateReason);

    private static IRecurringTaskKeys<LoggedKey, string> Keys(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<LoggedKey, string>>();

    private static void AddKeys(VirtualHost host)
    {
        foreach (var key in AllKeys)
            Keys(host).TryAdd(key);
    }

    private static async Task<string[]> HistoryAsync(VirtualHost host, string key)
    {
        var store = host.Services.GetRequiredService<IRecurringTaskStore>();
        var page = await store.QueryAsync(new() { TaskName = "logged", Key = key }, default);
        return [.. page.Entries.Reverse().Select(entry => entry.Record).Select(record =>
            $"{record.Slot:HH:mm} {record.Outcome}{(record.Reason is OutcomeReason.None ? "" : $" {record.Reason}")} "
            + $"×{record.Count}")];
    }

    private async Task<VirtualHost> StartAsync(Action<IRecurringTaskBuilder> configure)
    {
        var host = await VirtualHost.StartAsync(
            builder => Register(builder, configure), new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero));
        AddKeys(host);
        return host;
    }

    private void Register(HostApplicationBuilder builder, Action<IRecurringTaskBuilder> configure)
    {
        builder.Services.AddRecurringTaskStore(
            db => db.UseSqlite($"Data Source={Path.Combine(_folder, "store.db")};Pooling=False"));
        configure(builder.Services.AddSingleton(_runs).AddRecurringTask<LoggedKey, string>("logged"));
    }
}
