using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using SafeLoop.Testing;

namespace SafeLoop.Tests;

/// <summary>Hosts in virtual time that start one after the other, or side by side, over one database in memory.</summary>
internal sealed class StoredHosts : TimeProvider, IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);

    private readonly List<(VirtualHost Host, MemoryStore Store)> _hosts = [];

    public StoredHosts() => Database = new(this);

    public MemoryDatabase Database { get; }

    /// <summary>The host that was started last. Its clock is that of the database.</summary>
    public VirtualHost Last => _hosts[^1].Host;

    public override DateTimeOffset GetUtcNow() => _hosts.Count == 0 ? Start : Last.Now;

    /// <summary>Starts a host.</summary>
    /// <param name="register">Registers its tasks.</param>
    /// <param name="at">When; null: as soon as the last one is.</param>
    public async Task<VirtualHost> StartAsync(Action<IServiceCollection> register, DateTimeOffset? at = null)
    {
        var store = StoreOfLast = Database.CreateStore();
        var host = await VirtualHost.StartAsync(
            builder =>
            {
                builder.Environment.ApplicationName = "app";
                builder.Services.AddSingleton<IRecurringTaskStore>(store);
                register(builder.Services);
            },
            at ?? GetUtcNow());
        _hosts.Add((host, store));
        return host;
    }

    /// <summary>Ends the last host as kill -9 does: none of its calls is carried out any more.</summary>
    public void Kill() => _hosts[^1].Store.IsGone = true;

    /// <summary>The store of the host that was started last, or is starting.</summary>
    public MemoryStore? StoreOfLast { get; private set; }

    /// <summary>The history of a task that the database has, oldest first.</summary>
    public HistoryEntry[] Entries(string task) => Database.Read("app", stored =>
        stored.History.Query(new() { PageSize = 1000 }, stored.FindTask(task)).Entries.Reverse().ToArray());

    /// <summary>The history of a task that the database has, oldest first, as text.</summary>
    public string[] History(string task) => [.. Entries(task).Select(Text)];

    /// <summary>The history of a key that the database has, oldest first, as text.</summary>
    public string[] History(string task, string key) => [.. Entries(task).Where(entry => entry.Key == key).Select(Text)];

    /// <summary>Calls the database as an operator does, beside the hosts.</summary>
    public async Task OperatorAsync(Func<IRecurringTaskStore, ValueTask> call)
    {
        var store = Database.CreateStore();
        await store.ConnectAsync(
            new() { Id = Guid.NewGuid(), Application = "app", Host = "operator", ProcessId = 1 }, default);
        await call(store);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (host, _) in _hosts)
            await host.DisposeAsync();
    }

    private static string Text(HistoryEntry entry)
    {
        var record = entry.Record;
        var reason = record.Reason is OutcomeReason.None ? "" : $" {record.Reason}";
        var first = entry.FirstSlot is { } slot && record.Count > 1 ? $"{slot:HH:mm}–" : "";
        var count = record.Count > 1 ? $" ×{record.Count}" : "";
        return $"{first}{record.Slot:HH:mm} {record.Outcome}{reason}{count}";
    }
}
