using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SafeLoop.Storage;
using SafeLoop.Store.Tool;

namespace SafeLoop.Terminal.Tests.Store;

/// <summary>A SQLite store in which a host has saved three days, and has stopped.</summary>
public sealed class StoredHost : IAsyncLifetime
{
    public const string Application = "shop";

    private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-store-").FullName;

    /// <summary>Monday 06:00 UTC; on Sunday the clock was set forward.</summary>
    internal static readonly DateTimeOffset End = LoopsApplication.Start.AddDays(3);

    public string ConnectionString => $"Data Source={Path.Combine(_folder, "safeloop.db")}";

    public async Task InitializeAsync()
    {
        await using var services = CreateServices();
        var store = services.GetRequiredService<IRecurringTaskStore>();
        var id = Guid.NewGuid();
        await store.ConnectAsync(new() { Id = id, Application = Application, Host = "web-0", ProcessId = 1 }, default);
        await store.LoadAsync(
            [
                new() { Name = "nightly", Schedule = "0 3 * * * Europe/Berlin" },
                new() { Name = "flaky", Schedule = "06:00:00" },
                new() { Name = "yearly", Schedule = "0 0 1 1 *" },
                new() { Name = "devices", Schedule = "01:00:00", IsKeyed = true },
            ],
            default);
        HistoryEntry[] entries =
        [
            .. Slots("2026-03-28T02:00:00Z", 24).Select(slot => Entry("nightly", slot, null)),
            .. Slots("2026-03-27T06:00:00Z", 6).Select(slot => Entry("flaky", slot, "\u001b[31mred")),
            .. Slots("2026-03-30T04:00:00Z", 1).Select(slot => Entry("devices", slot, "Offline.") with { Key = "north" }),
        ];
        await store.SaveAsync(
            new()
            {
                Instance = id,
                Number = 1,
                History = entries,
                Loops = [.. entries.GroupBy(entry => (entry.TaskName, entry.Key)).Select(Loop)],
            },
            default);
        await store.DisconnectAsync(id, default);
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs the tool in this process, an hour after the end of the host.</summary>
    internal Task<Ran> RunAsync(params string[] args) =>
        RunAsync([.. args, "--store", ConnectionString], new FakeTimeProvider(End.AddHours(1)));

    internal static async Task<Ran> RunAsync(string[] args, TimeProvider time, Func<string, string?>? environment = null)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await StoreCommandLine.RunAsync(args, environment ?? (_ => null), time, default, output, errors);
        return new(code, output.ToString(), errors.ToString());
    }

    /// <summary>The store as another host has it.</summary>
    public ServiceProvider CreateServices() => new ServiceCollection()
        .AddRecurringTaskStore(db => db.UseSqlite(ConnectionString), Application)
        .BuildServiceProvider();

    // On Sunday the clock is set forward: what is nightly in Berlin is an hour earlier from then on.
    private static IEnumerable<DateTimeOffset> Slots(string first, int hours)
    {
        var start = DateTimeOffset.Parse(first, CultureInfo.InvariantCulture);
        var summer = new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);
        for (var slot = start; slot <= End; slot += TimeSpan.FromHours(hours))
            yield return hours == 24 && slot > summer ? slot.AddHours(-1) : slot;
    }

    private static HistoryEntry Entry(string task, DateTimeOffset slot, string? error) => new()
    {
        TaskName = task,
        Record = new()
        {
            Number = 1,
            Slot = slot,
            Started = slot,
            Outcome = error is null ? IterationOutcome.Succeeded : IterationOutcome.Failed,
            Error = error,
        },
    };

    private static LoopChange Loop(IGrouping<(string TaskName, string? Key), HistoryEntry> entries)
    {
        var (last, hasFailed) = (entries.Last().Record, entries.Last().Record.Error is not null);
        return new()
        {
            Loop = new()
            {
                TaskName = entries.Key.TaskName,
                Key = entries.Key.Key,
                LastOutcome = last.Outcome,
                LastEnded = last.Started,
                LastSuccess = hasFailed ? null : last.Started,
                ConsecutiveFailures = hasFailed ? entries.Count() : 0,
            },
        };
    }
}
