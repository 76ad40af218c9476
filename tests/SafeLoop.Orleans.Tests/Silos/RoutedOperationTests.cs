using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Silos;

/// <summary>Operations that are called on one silo and executed on another, which owns the loop.</summary>
public sealed class RoutedOperationTests : IAsyncLifetime
{
    private const string Named = "named", Keyed = "visitKey";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly MemoryShardStore _store = new(TimeProvider.System);
    private readonly Visits _visits = new();
    private readonly SiloHosts _silos = new();
    private readonly TaskCompletionSource _release = new();

    public async Task InitializeAsync()
    {
        foreach (var name in (string[])["a", "b", "c"])
            await _silos.StartAsync(name, services => Register(services, name));
        await _silos.SettleAsync([.. _silos.Running]);
    }

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _silos.DisposeAsync();
    }

    [Fact]
    public async Task A_loop_runs_on_its_owner_whoever_is_asked()
    {
        foreach (var host in _silos.Running)
        {
            Assert.Equal(IterationOutcome.Succeeded, (await Cluster(host).RunNowAsync(Named)).Outcome);
            foreach (var key in Enumerable.Range(0, 12))
            {
                var record = await Cluster(host).RunNowAsync(Keyed, key);
                Assert.Equal((IterationOutcome.Succeeded, true), (record.Outcome, record.IsManual));
            }
        }

        Assert.Equal(3 * 13, _visits.All.Count);
        Assert.All(_visits.All.GroupBy(static visit => visit.Loop), static loop =>
        {
            Assert.Single(loop.Select(static visit => visit.Silo).Distinct());
            Assert.Equal(3, loop.Count());
        });
        Assert.Equal(3, _visits.All.Select(static visit => visit.Silo).Distinct().Count());
    }

    [Fact]
    public async Task A_pause_is_seen_from_every_silo_with_its_reason()
    {
        var until = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        await Cluster(_silos.Running[0]).PauseAsync(Keyed, 7, "Maintenance.", "ada", until);

        foreach (var host in _silos.Running)
        {
            var paused = await Cluster(host).SnapshotAsync(Keyed, "7");
            Assert.Equal(RecurringTaskState.Paused, paused.State);
            Assert.Equal(("Maintenance.", "ada", until), (paused.Pause!.Reason, paused.Pause.By, paused.Pause.Until!.Value));
            Assert.Equal(RecurringTaskState.Waiting, (await Cluster(host).SnapshotAsync(Keyed, 8)).State);
        }

        await Cluster(_silos.Running[1]).ResumeAsync(Keyed, 7, "Done.", "ada");

        Assert.Equal(RecurringTaskState.Waiting, (await Cluster(_silos.Running[2]).SnapshotAsync(Keyed, 7)).State);
    }

    [Fact]
    public async Task A_pause_and_an_added_key_stay_when_their_owner_stops()
    {
        await Any.PauseAsync(Keyed, 7, "Maintenance.", "ada");
        Assert.True(await Any.AddAsync(Keyed, 100));
        string[] owners = [Any.OwnerOf(Keyed, 7)!.Name, Any.OwnerOf(Keyed, 100)!.Name];
        var other = _silos.Running.First(host => !owners.Contains(Name(host)));
        foreach (var owner in _silos.Running.Where(host => owners.Contains(Name(host))))
            await owner.StopAsync();

        Assert.Equal("Maintenance.", (await Cluster(other).SnapshotAsync(Keyed, 7)).Pause?.Reason);
        Assert.Equal(RecurringTaskState.Waiting, (await Cluster(other).SnapshotAsync(Keyed, 100)).State);
    }

    [Fact]
    public async Task A_key_is_added_and_removed_by_its_text()
    {
        foreach (var host in _silos.Running)
        {
            Assert.True(await Cluster(host).AddAsync(Keyed, "50"));
            Assert.False(await Cluster(host).AddAsync(Keyed, 50));
            Assert.Equal(IterationOutcome.Succeeded, (await Any.RunNowAsync(Keyed, 50)).Outcome);
            Assert.True(await Cluster(host).RemoveAsync(Keyed, 50));
            Assert.False(await Cluster(host).RemoveAsync(Keyed, "50"));
            var unknown = await Assert.ThrowsAsync<KeyNotFoundException>(() => Cluster(host).RunNowAsync(Keyed, 50));
            Assert.Equal("Recurring task 'visitKey' has no key '50'.", unknown.Message);
        }
    }

    [Fact]
    public async Task The_owner_explains_what_a_loop_did()
    {
        await Any.RunNowAsync(Named);
        var last = (await Any.SnapshotAsync(Named)).Last!.Value;

        foreach (var host in _silos.Running)
        {
            var explained = await Cluster(host).ExplainAsync(Named, last.Slot);
            Assert.Equal((SlotFinding.Recorded, Named), (explained.Finding, explained.TaskName));
            Assert.Equal(last.Number, explained.Entry!.Record.Number);
        }
        Assert.Equal(SlotFinding.NoSuchKey, (await Any.ExplainAsync(Keyed, last.Slot, "no number")).Finding);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_a_reply_is_awaited_and_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var runs = _silos.Running.Select((host, at) => Cluster(host).RunNowAsync("slow", at, cancel.Token)).ToArray();
        await Poll.UntilAsync(() => _visits.All.Count == 3, () => "No run.");

        await cancel.CancelAsync();

        Assert.All(
            await Task.WhenAll(runs),
            static record => Assert.Equal(
                (IterationOutcome.Interrupted, OutcomeReason.Cancelled), (record.Outcome, record.Reason)));
    }

    [Fact]
    public async Task A_run_that_takes_long_says_how_it_ended()
    {
        var runs = _silos.Running.Select((host, at) => Cluster(host).RunNowAsync("slow", at)).ToArray();
        await Poll.UntilAsync(() => _visits.All.Count == 3, () => "No run.");
        Assert.All(runs, static run => Assert.False(run.IsCompleted));

        _release.SetResult();

        Assert.All(
            await Task.WhenAll(runs),
            static record => Assert.Equal(
                (IterationOutcome.Failed, "InvalidOperationException: Broken."), (record.Outcome, record.Error)));
    }

    [Fact]
    public async Task A_mistake_is_a_sentence()
    {
        async Task<string> FailAsync<T>(Func<Task> act)
            where T : Exception => (await Assert.ThrowsAsync<T>(act)).Message.Split(" (Parameter")[0];

        Assert.Equal(
            "There is no recurring task named 'visitkeys', did you mean 'visitKey'?",
            await FailAsync<KeyNotFoundException>(() => Any.RunNowAsync("visitkeys", 1)));
        Assert.StartsWith(
            "Recurring task 'visitKey' has a loop per key, and no key was given. Give a key.",
            await FailAsync<ArgumentException>(() => Any.PauseAsync(Keyed)));
        Assert.Equal(
            "Recurring task 'named' has no keys, but the key '1' was given. Leave it out.",
            await FailAsync<ArgumentException>(() => Any.SnapshotAsync(Named, 1)));
        Assert.Equal(
            "The key of type Nameless has no text: its ToString throws NotSupportedException: No name.",
            await FailAsync<ArgumentException>(() => Any.AddAsync(Keyed, new Nameless())));
        foreach (var host in _silos.Running) // the owner says it, and each silo repeats it
        {
            Assert.Contains(
                "'no number'", await FailAsync<InvalidOperationException>(() => Cluster(host).AddAsync(Keyed, "no number")));
        }
        Assert.Throws<ArgumentException>(() => Any.OwnerOf(Keyed));
        Assert.Throws<ArgumentException>(() => Any.OwnerOf(Named, 1));
        Assert.Throws<ArgumentNullException>(() => Any.OwnerOf(Named, (string)null!));
        await Assert.ThrowsAsync<ArgumentException>(() => Any.RunNowAsync(" "));
    }

    private IRecurringTaskCluster Any => Cluster(_silos.Running[0]);

    private static string Name(IHost host) => host.Services.GetRequiredService<SiloName>().Text;

    private static IRecurringTaskCluster Cluster(IHost host) => host.Services.GetRequiredService<IRecurringTaskCluster>();

    private void Register(IServiceCollection services, string name)
    {
        services.AddSingleton(_visits).AddSingleton(new SiloName(name)).AddSingleton(_release);
        services.AddRecurringTaskCluster(_store, static options =>
        {
            options.ShardCount = 16;
            options.LeaseLength = TimeSpan.FromSeconds(3);
            options.Settle = TimeSpan.FromMilliseconds(200);
        });
        services.AddRecurringTask<VisitKey, int>().Every(Hour).Spread().InCluster()
            .KeysFrom((_, _) => Enumerable.Range(0, 12).ToAsyncEnumerable(), TimeSpan.FromMinutes(5));
        services.AddRecurringTask<SlowKey, int>("slow").Every(Hour).Spread().InCluster()
            .KeysFrom((_, _) => Enumerable.Range(0, 3).ToAsyncEnumerable(), TimeSpan.FromMinutes(5));
        services.AddRecurringTask("named", (iteration, _) =>
        {
            _visits.Add(new(name, Named, iteration.Slot, iteration.IsManual, iteration.FencingToken));
            return ValueTask.CompletedTask;
        }).Every(Hour).Spread().InCluster();
    }

    private sealed class SlowKey(Visits visits, SiloName silo, TaskCompletionSource release) : IRecurringTask<int>
    {
        public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
        {
            visits.Add(new(silo.Text, $"slow {key}", iteration.Slot, iteration.IsManual, iteration.FencingToken));
            await release.Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("Broken.");
        }
    }

    private sealed class Nameless
    {
        public override string ToString() => throw new NotSupportedException("No name.");
    }
}
