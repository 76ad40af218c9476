using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Silos;

/// <summary>
/// Silos that share loops write one history and execute commands beside each other (<c>AddRecurringTaskStore</c>).
/// </summary>
public sealed class SharedHistoryTests : IAsyncLifetime
{
    private const string Named = "named", Keyed = "visitKey";

    private readonly MemoryShardStore _store = new(TimeProvider.System);
    private readonly Visits _visits = new();
    private readonly SiloHosts _silos = new();
    private readonly string _file = Path.GetTempFileName();

    public async Task InitializeAsync()
    {
        foreach (var name in (string[])["a", "b"])
            await _silos.StartAsync(name, services => Register(services, name));
        await _silos.SettleAsync([.. _silos.Running]);
    }

    public async Task DisposeAsync()
    {
        await _silos.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task Each_slot_has_one_row_and_one_explanation_also_across_a_move()
    {
        var (owner, other) = Owner(Named);
        var began = TimeProvider.System.GetUtcNow();
        await RanSinceAsync(began, 3);
        await owner.StopAsync();
        var moved = TimeProvider.System.GetUtcNow();
        await RanSinceAsync(moved, 3);
        var history = other.Services.GetRequiredService<IRecurringTaskHistory>();
        var last = _visits.Last()[Named].Slot;
        await Poll.UntilAsync(async () => (await RowsAsync(history)).Any(row => row.Record.Slot == last) ? null : "Not stored.");

        var rows = (await RowsAsync(history)).Where(row => row.Record.Slot >= began).ToArray();

        Assert.Equal(rows.Length, rows.DistinctBy(static row => row.Record.Slot).Count());
        Assert.All(rows, static row => Assert.Equal((IterationOutcome.Failed, 1), (row.Record.Outcome, row.Record.Count)));
        Assert.All(rows, static row => Assert.NotEqual(0, row.FencingToken));
        var slots = rows.Select(static row => row.Record.Slot).Order().ToArray();
        Assert.All(slots.Zip(slots.Skip(1)), static pair => Assert.Equal(TimeSpan.FromSeconds(1), pair.Second - pair.First));
        foreach (var slot in slots)
        {
            var explained = await history.ExplainAsync(Named, slot);
            Assert.Equal(SlotFinding.Recorded, explained.Finding);
            Assert.Equal(slot, explained.Entry!.Record.Slot);
        }
        var between = await history.ExplainAsync(Named, slots[1].AddMilliseconds(500));
        Assert.Equal(SlotFinding.NotDue, between.Finding);
        Assert.Equal((slots[1], slots[2]), (between.SlotBefore, between.SlotAfter));
        Assert.Equal(
            SlotFinding.Upcoming, (await Cluster(other).ExplainAsync(Named, slots[^1].AddHours(1))).Finding);

        var instances = await other.Services.GetRequiredService<IRecurringTaskReader>().QueryInstancesAsync();
        Assert.Equal(
            [RecurringTaskInstanceState.Running, RecurringTaskInstanceState.Stopped],
            instances.Select(static instance => instance.State).Order());
    }

    [Fact]
    public async Task A_host_that_does_not_own_a_loop_explains_it_from_the_store()
    {
        var (owner, other) = Owner(Named);
        var began = TimeProvider.System.GetUtcNow();
        await RanSinceAsync(began, 2);
        var slot = _visits.Last()[Named].Slot;
        var histories = new[] { owner, other }.Select(host => host.Services.GetRequiredService<IRecurringTaskHistory>());
        await Poll.UntilAsync(
            async () => (await RowsAsync(histories.First())).Any(row => row.Record.Slot == slot) ? null : "Not stored.");

        foreach (var history in histories)
            Assert.Equal(SlotFinding.Recorded, (await history.ExplainAsync(Named, slot)).Finding);

        var explanation = await other.Services.GetRequiredService<IRecurringTaskHistory>().ExplainAsync(Named, slot.AddHours(1));
        Assert.DoesNotContain("ended", explanation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Named, null)]
    [InlineData(Keyed, "7")]
    public async Task A_stored_command_to_run_is_executed_by_the_owner(string task, string? key)
    {
        var (owner, other) = Owner(task, key);
        var before = _visits.All.Count(static visit => visit.IsManual);
        var commands = other.Services.GetRequiredService<IRecurringTaskCommands>();
        var command = new TaskCommand { TaskName = task, Key = key, Kind = TaskCommandKind.RunNow };

        await commands.SendAsync(command);

        await Poll.UntilAsync(
            async () => (await commands.FindAsync(command.Id))!.Results.Any(static result => result.IsExecuted)
                ? null : "No run.");
        Assert.Equal(before + 1, _visits.All.Count(static visit => visit.IsManual));
        Assert.Equal(Name(owner), _visits.All.Last(static visit => visit.IsManual).Silo);
    }

    [Theory]
    [InlineData(Named, null)]
    [InlineData(Keyed, "7")]
    public async Task A_pause_is_kept_by_the_next_owner(string task, string? key)
    {
        var (owner, other) = Owner(task, key);
        await Cluster(other).PauseAsync(task, key, "Maintenance.", "ada");
        Assert.Equal("Maintenance.", (await Cluster(other).SnapshotAsync(task, key)).Pause?.Reason);

        await owner.StopAsync();
        await _silos.SettleAsync(other);

        Assert.Equal("Maintenance.", (await Cluster(other).SnapshotAsync(task, key)).Pause?.Reason);

        await Cluster(other).ResumeAsync(task, key);

        Assert.Null((await Cluster(other).SnapshotAsync(task, key)).Pause);
    }

    private async Task<IReadOnlyList<HistoryEntry>> RowsAsync(IRecurringTaskHistory history) =>
        (await history.QueryAsync(new() { TaskName = Named, PageSize = 1000 })).Entries;

    private Task RanSinceAsync(DateTimeOffset since, int count) => Poll.UntilAsync(
        () => _visits.All.Count(visit => visit.Loop == Named && visit.Slot > since) >= count, () => "It does not run.");

    private (IHost Owner, IHost Other) Owner(string task, string? key = null)
    {
        var cluster = Cluster(_silos.Running[0]);
        var name = (key is null ? cluster.OwnerOf(task) : cluster.OwnerOf(task, key))!.Name;
        return (_silos.Running.Single(host => Name(host) == name), _silos.Running.Single(host => Name(host) != name));
    }

    private static string Name(IHost host) => host.Services.GetRequiredService<SiloName>().Text;

    private static IRecurringTaskCluster Cluster(IHost host) => host.Services.GetRequiredService<IRecurringTaskCluster>();

    private void Register(IServiceCollection services, string name)
    {
        services.AddSingleton(_visits).AddSingleton(new SiloName(name));
        services.AddRecurringTaskStore(db => db.UseSqlite($"Data Source={_file}"));
        services.AddRecurringTaskCluster(_store, static options =>
        {
            options.ShardCount = 16;
            options.LeaseLength = TimeSpan.FromSeconds(3);
            options.Settle = TimeSpan.FromMilliseconds(200);
        });
        services.AddRecurringTask<VisitKey, int>().Every(TimeSpan.FromSeconds(1)).InCluster()
            .KeysFrom((_, _) => Enumerable.Range(0, 12).ToAsyncEnumerable(), TimeSpan.FromMinutes(5));
        services.AddRecurringTask("named", (iteration, _) =>
        {
            _visits.Add(new(name, Named, iteration.Slot, iteration.IsManual, iteration.FencingToken));
            throw new InvalidOperationException("Broken."); // each failure is a row of the history
        }).Every(TimeSpan.FromSeconds(1)).OnMissed(MissedSlots.RunAll).InCluster();
    }
}
