using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polly;
using Polly.Retry;

// As short as on a page: without "private".
#pragma warning disable IDE0040

namespace SafeLoop.Tests.Readme;

/// <summary>The code of README.md, compiled. <see cref="ReadmeTests"/> compares the two.</summary>
internal static class Snippets
{
    public static async Task First(string[] args)
    {
        // snippet: first
        var builder = Host.CreateApplicationBuilder(args);

        builder.Services.AddRecurringTask("updateDeviceInfo", (iteration, ct) => ReadAndSaveAsync(ct))
            .Every(TimeSpan.FromSeconds(2));

        await builder.Build().RunAsync();
        // end
    }

    public static void Class(IHostApplicationBuilder builder, Device device)
    {
        // snippet: class
        builder.Services.AddRecurringTask<UpdateDeviceInfo>()
            .WithDelay(TimeSpan.FromSeconds(2))
            .WithLock("device-info", whenHeld: LockHeld.Skip)
            .While(() => device.IsActive);
        // end
    }

    // snippet: task
    sealed class UpdateDeviceInfo(DeviceStore store) : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) =>
            store.RefreshAsync(cancellationToken);
    }
    // end

    public static void Services(IHostApplicationBuilder builder)
    {
        // snippet: services
        builder.Services.AddRecurringTask("pruneReadings", (DeviceStore store, CancellationToken ct) => store.PruneAsync(ct))
            .Cron("0 3 * * *", "Europe/Berlin")
            .OnFailure((DeviceClient client, RecurringTaskFailure failure) => client.ReportAsync(failure.Error));
        // end
    }

    public static void Schedules(IHostApplicationBuilder builder)
    {
        // snippet: schedules
        builder.Services.AddRecurringTask<UpdateDeviceInfo>("weekdays").Cron("0 9 * * 1-5", "Europe/Berlin")
            .WithLock("update", LockHeld.Wait);
        builder.Services.AddRecurringTask<UpdateDeviceInfo>("weekend").Cron("0 12 * * 0,6", "Europe/Berlin")
            .WithLock("update", LockHeld.Wait);

        // Every other Monday, at nine by the clock also when daylight saving changes. Every(14 days) would shift by an hour.
        var first = new DateOnly(2026, 1, 5);
        builder.Services.AddRecurringTask<UpdateDeviceInfo>("fortnight").Cron("0 9 * * 1", "Europe/Berlin")
            .Except(Exclusion.Dates(day => (day.DayNumber - first.DayNumber) % 14 != 0));
        // end
    }

    public static void Steps(IHostApplicationBuilder builder)
    {
        // snippet: steps
        builder.Services.AddRecurringTask("updateDeviceInfo")
            .Step<DeviceClient>("read", (client, iteration, ct) => client.ReadAsync(ct))
            .Step<DeviceStore>("save", (store, iteration, ct) => store.SaveAsync(ct))
            .Cron("*/5 * * * *", "Europe/Berlin")
            .WithTimeout(TimeSpan.FromMinutes(1))
            .BackOff(TimeSpan.FromSeconds(10), max: TimeSpan.FromMinutes(30))
            .WithResilience(pipeline => pipeline.AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 2 }));
        // end
    }

    public static async Task<IterationRecord> Control(IRecurringTasks tasks)
    {
        // snippet: control
        RecurringTaskHandle task = tasks["updateDeviceInfo"];

        task.Pause("maintenance");                             // slots are recorded as skipped
        task.Resume();
        IterationRecord run = await task.RunNowAsync();        // obeys lock and overlap
        IReadOnlyList<UpcomingSlot> next = task.UpcomingSlots(5);
        RecurringTaskSnapshot now = task.Snapshot();           // state, counts, last outcome, next slot
        await task.ChangeAsync(options => options.Every = TimeSpan.FromSeconds(5));
        task.Stop("no longer needed");

        tasks.Add("pollDevice7", added => added.Step("poll", (iteration, ct) => PollAsync(7, ct)).Every(TimeSpan.FromSeconds(5)));
        tasks.Remove("pollDevice7");
        // end
        return run;
    }

    public static void Keys(IHostApplicationBuilder builder)
    {
        // snippet: keys
        builder.Services.AddRecurringTask<UpdateDevice, DeviceId>()          // UpdateDevice : IRecurringTask<DeviceId>
            .Every(TimeSpan.FromMinutes(1)).Spread()                         // a stable phase per key
            .Concurrency(500)                                                // so many at a time; the others wait their turn
            .KeysFrom((services, ct) => services.GetRequiredService<DeviceStore>().AllAsync(ct), every: TimeSpan.FromMinutes(5));
        // end
    }

    public static void Store(IHostApplicationBuilder builder)
    {
        // snippet: store
        builder.Services.AddRecurringTaskStore(db => db.UseSqlite("Data Source=safeloop.db"));
        builder.Services.AddRecurringTask<NightlyReport>().Cron("0 3 * * *").SurviveRestarts(window: TimeSpan.FromHours(6));
        // end
    }

    public static void Observer(IHostApplicationBuilder builder)
    {
        // snippet: observer
        builder.Services.AddSingleton<IRecurringTaskObserver, FailureCounter>();
        // end
    }

    // snippet: counter
    sealed class FailureCounter : IRecurringTaskObserver
    {
        private int _failures;

        public void OnEvent(in LoopEvent e)                // on the loop's thread, so it must not block
        {
            if (e.Kind is LoopEventKind.IterationEnded && e.Record.Outcome is IterationOutcome.Failed)
                Interlocked.Increment(ref _failures);
        }
    }
    // end

    private static Task ReadAndSaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task PollAsync(int device, CancellationToken cancellationToken) => Task.CompletedTask;

    internal readonly record struct DeviceId(int Number);

    internal sealed class UpdateDevice : IRecurringTask<DeviceId>
    {
        public ValueTask RunAsync(DeviceId key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    internal sealed class NightlyReport : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => default;
    }

    internal sealed class Device
    {
        public bool IsActive => true;
    }

    internal sealed class DeviceClient
    {
        public ValueTask ReadAsync(CancellationToken cancellationToken) => default;

        public Task ReportAsync(string? error) => Task.CompletedTask;
    }

    internal sealed class DeviceStore
    {
        public ValueTask RefreshAsync(CancellationToken cancellationToken) => default;

        public async IAsyncEnumerable<DeviceId> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return new DeviceId(7);
        }

        public ValueTask SaveAsync(CancellationToken cancellationToken) => default;

        public Task PruneAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
