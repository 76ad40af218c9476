using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using SafeLoop.Testing;
using Xunit.Abstractions;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// Explanations of slots that two replicas share, over one lock and one store, held against a model. More seeds:
/// tests/explain.sh.
/// </summary>
public class ReplicaOracleTests(ITestOutputHelper output)
{
    // Together less than the time after which a host is lost.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20), Near = TimeSpan.FromSeconds(5);

    private const long Elsewhere = 777;

    private readonly AnswersMet _met = new();
    private readonly List<string> _differences = [];

    [Fact]
    public async Task Every_explanation_of_two_replicas_is_that_of_the_model()
    {
        for (var seed = OracleSeeds.First; seed < OracleSeeds.First + OracleSeeds.Count && _differences.Count < 40; seed++)
            await Live(seed);
        Assert.True(_differences.Count == 0, string.Join("\n", _differences.Take(40)));
        _met.MustHave(OracleCoverage.OfReplicas, output);
    }

    private async Task Live(int seed)
    {
        var (year, tokens) = (new ReplicaYear(seed), new Dictionary<DateTimeOffset, (int Replica, long Token)>());
        await using var hosts = new StoredHosts();
        var locks = new ReplicaLocks();
        foreach (var start in year.Starts)
        {
            VirtualHost[] replicas = [await StartAsync(0), await StartAsync(1)];
            foreach (var slot in year.Slots.Where(slot => slot > start && slot <= start + ReplicaYear.Length))
            {
                await AdvanceAsync(replicas, slot - Near);
                var (outcome, winner, _) = year.Outcomes.Find(one => one.Outcome.Slot == slot);
                locks.HeldElsewhere = outcome.Reason is OutcomeReason.LockHeld ? Elsewhere : null;
                foreach (var replica in new[] { replicas[winner], replicas[1 - winner] })
                    await replica.AdvanceAsync(slot + Near - replica.Now);
            }
            locks.HeldElsewhere = null;
            await AdvanceAsync(replicas, start + ReplicaYear.Length + ReplicaYear.Long);
            if (start == year.Starts[^1])
                await AskAsync(seed, year, replicas, hosts, tokens);
            foreach (var replica in replicas)
                await replica.StopAsync();

            Task<VirtualHost> StartAsync(int replica) => hosts.StartAsync(services =>
            {
                services.AddSingleton<ILoopLockProvider>(locks)
                    .AddSingleton(new StoreRetention { Successes = 500.Days, Others = 500.Days });
                var task = services.AddRecurringTask("both", async (iteration, token) =>
                {
                    Assert.True(tokens.TryAdd(iteration.Slot, (replica, iteration.FencingToken)), "It ran twice.");
                    if (year.Outcomes.Find(one => one.Outcome.Slot == iteration.Slot).IsLong)
                        await Task.Delay(ReplicaYear.Long, iteration.Services.GetRequiredService<TimeProvider>(), token);
                });
                task.Cron(year.Rule.Expression!, year.Rule.Zone).OnDaylightSaving(year.Rule.Skipped, year.Rule.Repeated)
                    .WithLock("door", LockHeld.Skip).SurviveRestarts(ReplicaYear.Window);
            }, start);
        }
    }

    private static async Task AdvanceAsync(VirtualHost[] replicas, DateTimeOffset to)
    {
        while (replicas[1].Now < to)
        {
            var next = replicas[1].Now + Step < to ? replicas[1].Now + Step : to;
            foreach (var replica in replicas)
                await replica.AdvanceAsync(next - replica.Now);
        }
    }

    private async Task AskAsync(
        int seed,
        ReplicaYear year,
        VirtualHost[] replicas,
        StoredHosts hosts,
        Dictionary<DateTimeOffset, (int Replica, long Token)> tokens)
    {
        var random = new Random(seed);
        var ofLastStart = year.Outcomes.Where(one => one.Outcome.Slot > year.Starts[^1]).ToList();
        for (var at = 0; at < 120; at++)
        {
            var asked = at < ofLastStart.Count ? ofLastStart[at]
                : at % 2 == 0 ? year.Outcomes[random.Next(year.Outcomes.Count)]
                : Any(random, [.. year.Outcomes.Where(one => one.Outcome.Ran)]);
            var found = await History(replicas[at % 2]).ExplainAsync("both", asked.Outcome.Slot);
            var ran = tokens.GetValueOrDefault(asked.Outcome.Slot);
            Compare(seed, found,
                Comparison.Differ("outcome", (asked.Outcome.Outcome, asked.Outcome.Reason), OutcomeOf(found)),
                Comparison.Differ("replica", asked.Winner, asked.Outcome.Ran ? ran.Replica : asked.Winner),
                Comparison.Differ("token", TokenOf(asked.Outcome, ran.Token), found.Entry?.FencingToken ?? -1));
        }
        hosts.Database.Cut = _ => StoreCut.Fail; // what each replica itself saw of the slot
        foreach (var (outcome, winner, _) in ofLastStart)
        {
            for (var replica = 0; replica < 2; replica++)
            {
                var found = await History(replicas[replica]).ExplainAsync("both", outcome.Slot);
                var expected = replica == winner ? (outcome.Outcome, outcome.Reason)
                    : (IterationOutcome.Skipped, OutcomeReason.AlreadyRun);
                Compare(seed, found,
                    Comparison.Differ("outcome", expected, OutcomeOf(found)),
                    Comparison.Differ("note", true, found.Text.Contains("the store did not answer")));
            }
        }
        hosts.Database.Cut = static _ => StoreCut.None;
    }

    private static long TokenOf(SlotOutcome outcome, long ofRun) => outcome.Reason is OutcomeReason.LockHeld ? Elsewhere : ofRun;

    private void Compare(int seed, SlotExplanation found, params string[] differences)
    {
        _met.Add(found);
        if (string.Join("; ", differences.Where(text => text.Length > 0)) is { Length: > 0 } wrong)
            _differences.Add($"seed {seed}: {wrong}\n    {found.Text}");
    }

    private static (IterationOutcome, OutcomeReason) OutcomeOf(SlotExplanation found) =>
        found.Entry is { Record: var record } ? (record.Outcome, record.Reason) : default;

    private static T Any<T>(Random random, List<T> list) => list[random.Next(list.Count)];

    private static IRecurringTaskHistory History(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskHistory>();
}
