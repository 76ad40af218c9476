using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>Hosts come, go, freeze and die at random moments, while the store fails and hosts see different members.</summary>
public class FaultPropertyTests
{
    private const double Lease = 4;

    private static readonly Gen<int[]> Faults = Gen.Int[0, 9999].Array[3, 12];

    // Hosts that stop, are drained, see other members, and start.
    private static readonly Gen<int[]> Moves = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 999])
        .Select(static (kind, draw) => (draw * 10) + new[] { 2, 6, 7, 8, 9 }[kind]).Array[3, 12];

    [Fact]
    public void No_slot_is_lost_or_accepted_twice_whatever_fails() =>
        Faults.Sample(static faults => Judge(Run(faults)), iter: 60);

    [Fact]
    public void Planned_moves_lose_and_double_no_slot() =>
        Moves.Sample(static moves => Run(moves).AssertPerfect(), iter: 30);

    [Fact]
    public void The_judge_finds_takes_that_ignore_the_owner()
    {
        var judge = Run([100, 204, 306, 100], static cluster => cluster.Store.IgnoresOwners = true);

        Assert.True(judge.Stale.Length + judge.Twice.Length + judge.Doubled.Length > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_judge_finds_a_lease_that_is_always_valid(bool isEndless)
    {
        using var cluster = Create();
        cluster.Start("a", prepare: host => host.Shards.HasEndlessLease = isEndless);
        cluster.Start("b");
        cluster.Advance(12);
        cluster.Store.Fault = static (_, caller) => caller is "1" or "a" ? StoreFault.Hangs : StoreFault.None; // cut off
        cluster.Advance(20);

        Assert.Equal(isEndless, new Judge(cluster.Journal.Runs).Stale.Length > 0);
    }

    private static void Judge(Judge judge)
    {
        Assert.Empty(judge.Lost);
        Assert.Empty(judge.Twice);
        Assert.Empty(judge.Stale);
        Assert.InRange(judge.WentBack, 0, 20); // no watermark is stored while the store fails
    }

    private static Judge Run(int[] faults, Action<TestCluster>? prepare = null)
    {
        using var cluster = Create();
        cluster.Options.QuarantineAfter = int.MaxValue; // hosts die here more often than shards can tell
        prepare?.Invoke(cluster);
        foreach (var name in new[] { "a", "b", "c" })
            cluster.Start(name);
        cluster.Advance(10.3);
        foreach (var fault in faults)
            Apply(cluster, fault % 10, fault / 10);
        cluster.LosesMessages = false;
        foreach (var host in cluster.Hosts.Where(static host => host.IsRunning))
            host.Membership.Set(null);
        if (!cluster.Hosts.Exists(static host => host.IsRunning))
            cluster.Start("last");
        cluster.AdvanceUntilAllOwned(3 * Lease);
        cluster.Advance(12);
        return new(cluster.Journal.Runs);
    }

    private static void Apply(TestCluster cluster, int kind, int draw)
    {
        var running = cluster.Hosts.Where(static host => host.IsRunning).ToArray();
        var host = running.Length == 0 ? null : running[draw % running.Length];
        var seconds = 0.1 + (draw % 97 / 10.0);
        switch (kind)
        {
            case 0 or 1 when running.Length > 1:
                host!.Kill(isNoticed: draw % 2 == 0);
                break;
            case 2 when running.Length > 1:
                cluster.AdvanceUntil(host!.StopAsync(), 3 * Lease);
                break;
            case 3:
                cluster.SilenceStore(seconds);
                break;
            case 4 when running.Length > 1:
                host!.Freeze();
                cluster.Advance(seconds);
                host.Thaw(TimeSpan.FromSeconds(seconds), isSuspended: draw % 2 == 0);
                break;
            case 5:
                cluster.Store.Fault = (method, caller) =>
                    (StoreFault)(StableHash.Compute($"{draw}{method}{caller}{cluster.Second}") % 3);
                cluster.Advance(seconds);
                cluster.Store.Fault = static (_, _) => StoreFault.None;
                break;
            case 6 when host is not null:
                cluster.LosesMessages = draw % 2 == 0;
                cluster.AdvanceUntil(host.Coordinator.DrainAsync(default), 3 * Lease);
                cluster.Advance(seconds);
                host.Coordinator.Rejoin();
                break;
            case 7 when host is not null:
                var active = Pick(cluster.Active, host.Membership.Address, draw);
                host.Membership.Set(draw % 3 == 0 ? null : new(active, IsDead: false));
                break;
            default:
                if (running.Length < 5)
                    cluster.Start($"{(char)('a' + (draw % 6))}");
                break;
        }
        cluster.Advance(seconds);
    }

    private static HashSet<string> Pick(IEnumerable<string> addresses, string own, int draw) =>
        [.. addresses.Where(address => address == own || StableHash.Compute($"{draw}{address}") % 2 == 0)];

    private static TestCluster Create() =>
        new(static task => task.Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll).Spread());
}
