using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>Keys in a cluster whose text is no usual one, or throws.</summary>
public class UnreadableKeyTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10), Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Without_a_source_the_host_does_not_start()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(() => LoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskCluster, UnusedCluster>().AddSingleton(new Probe.Runs());
            services.AddRecurringTask<Probe, Device>().Every(Ten).InCluster();
        }));

        Assert.Equal(
            "Recurring task 'probe': InCluster needs KeysFrom for keys of type Device. A host cannot read such keys from their "
                + "text, so none could be added or move. Call KeysFrom, or use keys of type string, int, long or Guid.",
            Assert.Single(error.Problems));
    }

    [Fact]
    public void A_key_whose_text_throws_at_the_close_is_reported_and_the_others_move()
    {
        var (broken, runs) = (new List<Device>(), new Probe.Runs());
        Device[] devices = [.. Enumerable.Range(0, 3).Select(id => new Device(id, broken))];
        using var cluster = new ClusterHosts(task => task.Every(Ten), services =>
        {
            services.AddSingleton(runs);
            services.AddRecurringTask<Probe, Device>().Every(Ten).KeysFrom((_, _) => Read(devices), Hour).InCluster();
        });
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, task: "probe");
        WaitForKeys(a);
        cluster.Advance(15);
        broken.Add(devices[1]);
        var memory = cluster.Close(a, task: "probe");
        broken.Clear();

        var fault = Assert.Single(a.Loops.Observer.Of(LoopEventKind.Fault));
        Assert.Equal(
            (FaultKind.KeyTextThrew, "The text of a key threw, so the state of its loop cannot be handed over: its next owner "
                + "begins the loop as new."),
            (fault.FaultKind, fault.Text));
        Assert.Equal(["0", "2"], ShardMemory.Read(memory!).Loops.Select(loop => loop.Key).Order());
        cluster.Open(b, memory, task: "probe");
        WaitForKeys(b);
        cluster.Advance(10);
        Assert.Equal([3, 1, 3], devices.Select(runs.LastOf));
    }

    // The reader is woken through the thread pool.
    private static void WaitForKeys(ClusterHosts.Host host) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            host.Loops.Settle();
            return host.Loops.Services.GetRequiredService<RecurringTaskKeys<Probe, Device>>() is
                { Count: 3, Shards.HasUnread: false };
        },
        TimeSpan.FromSeconds(30)));

    private static async IAsyncEnumerable<Device> Read(Device[] devices)
    {
        await Task.CompletedTask;
        foreach (var device in devices)
            yield return device;
    }

    private sealed class Device(int id, List<Device> broken)
    {
        public override string ToString() => broken.Contains(this) ? throw new IOException("on purpose") : $"{id}";
    }

    private sealed class Probe(Probe.Runs runs) : IRecurringTask<Device>
    {
        public ValueTask RunAsync(Device key, Iteration iteration, CancellationToken cancellationToken)
        {
            runs.Add(key, iteration.Number);
            return default;
        }

        public sealed class Runs
        {
            private readonly List<(Device Key, long Number)> _runs = [];

            public void Add(Device key, long number) => _runs.Add((key, number));

            public long LastOf(Device key) => _runs.Last(run => run.Key == key).Number;
        }
    }
}
