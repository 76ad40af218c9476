using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;
using SafeLoop.Testing;
using Xunit.Abstractions;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// Explanations of a year in which hosts are killed and started again over one store, held against a model. More seeds:
/// tests/explain.sh.
/// </summary>
public class RestartOracleTests(ITestOutputHelper output)
{
    private const int Drawn = 150;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_explanation_of_a_year_with_restarts_is_that_of_the_model()
    {
        var (differences, met) = (new List<string>(), new AnswersMet());
        for (var seed = OracleSeeds.First; seed < OracleSeeds.First + OracleSeeds.Count && differences.Count < 40; seed++)
            differences.AddRange(await Live(seed, met));
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(40)));
        met.MustHave(OracleCoverage.OfRestarts, output);
    }

    private static async Task<List<string>> Live(int seed, AnswersMet met)
    {
        var (year, random, differences) = (new RestartYear(seed), new Random(seed), new List<string>());
        await using var hosts = new StoredHosts();
        foreach (var life in year.Lives)
            await Live(hosts, year, life);
        var history = hosts.Last.Services.GetRequiredService<IRecurringTaskHistory>();
        foreach (var plan in year.Tasks)
        {
            for (var at = 0; at < Drawn; at++)
            {
                var instant = Draw(random, plan);
                var found = await history.ExplainAsync(plan.Name, instant, plan.Key);
                met.Add(found);
                var wrong = Differences(found, plan, year).Where(text => text.Length > 0).ToList();
                if (wrong.Count > 0)
                    differences.Add($"seed {seed}, {string.Join("; ", wrong)}\n    {instant:u} by {plan.Rule}: {found.Text}");
            }
        }
        return differences;
    }

    private static async Task Live(StoredHosts hosts, RestartYear year, HostLife life)
    {
        var host = await hosts.StartAsync(services =>
        {
            services.AddSingleton(new StoreRetention { Successes = 500.Days, Others = 500.Days });
            foreach (var task in year.Tasks.GroupBy(plan => plan.Name))
                Configure(services, [.. task], life);
        }, life.Start);
        foreach (var plan in year.Tasks.Where(plan => plan.Key is not null))
            Keys(host).TryAdd(plan.Key!);
        if (life.Resume is { } resume)
        {
            await host.AdvanceAsync(resume - host.Now);
            host["often"].Resume();
            Keys(host).Find("a")!.Resume();
        }
        if (life.Pause is var (pause, _))
        {
            await host.AdvanceAsync(pause.Since - host.Now);
            await host["often"].PauseAsync(pause.Reason, pause.By, pause.Until);
            await Keys(host).Find("a")!.PauseAsync(pause.Reason, pause.By, pause.Until);
        }
        await host.AdvanceAsync(life.End - host.Now);
        if (life.Stops)
            await host.StopAsync();
        else if (life != year.Lives[^1])
            hosts.Kill();
    }

    private static IRecurringTaskKeys<Device, string> Keys(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<Device, string>>();

    private static void Configure(IServiceCollection services, RestartPlan[] plans, HostLife life)
    {
        var plan = plans[0];
        var hanging = plans.Where(one => one.Hangs).Select(one => one.Key ?? "").ToHashSet();
        if (plan.Key is not null)
        {
            services.AddSingleton(new Device.Script((key, iteration, token) => HangAsync(key, iteration, token)));
            Schedule(services.AddRecurringTask<Device, string>(plan.Name), plan.Rule);
            return;
        }
        Schedule(services.AddRecurringTask(plan.Name, (iteration, token) => HangAsync("", iteration, token)), plan.Rule);

        async ValueTask HangAsync(string key, Iteration iteration, CancellationToken token)
        {
            if (iteration.Slot == life.Hangs && hanging.Contains(key))
                await Task.Delay(TimeSpan.FromDays(1), iteration.Services.GetRequiredService<TimeProvider>(), token);
        }
    }

    private static void Schedule(IRecurringTaskBuilder task, GridRule rule)
    {
        _ = rule.Expression is { } cron
            ? task.Cron(cron, rule.Zone).OnDaylightSaving(rule.Skipped, rule.Repeated)
            : task.Every(TimeSpan.FromMinutes(rule.Period));
        task.SurviveRestarts(RestartPlan.Window);
    }

    private static DateTimeOffset Draw(Random random, RestartPlan plan)
    {
        var any = plan.Outcomes[random.Next(plan.Outcomes.Count)];
        var rare = plan.Outcomes.Where(outcome => outcome.Reason is not OutcomeReason.HostDown).ToList();
        return random.Next(7) switch
        {
            0 or 1 when rare.Count > 0 => rare[random.Next(rare.Count)].Slot,
            2 => any.Slot,
            3 => any.Slot.AddSeconds(random.Next(2) == 0 ? 1 : -1),
            4 => any.Slot.AddMinutes(random.Next(-100, 100)),
            5 when LocalCalendar.Of(plan.Rule.Zone).Changes is { Count: > 0 } changes =>
                LocalCalendar.At(changes[random.Next(changes.Count)]).AddMinutes(random.Next(-120, 120)),
            _ => Year.At(random.Next(-2, 380), random.Next(1440), random.Next(2) * 7),
        };
    }

    private static IEnumerable<string> Differences(SlotExplanation found, RestartPlan plan, RestartYear year)
    {
        var instant = found.Instant;
        var slots = plan.Outcomes.Select(outcome => outcome.Slot)
            .Concat(plan.SlotsAfter(plan.Outcomes[^1].Slot)).Cast<DateTimeOffset?>();
        yield return Comparison.Differ("slot after", slots.FirstOrDefault(slot => slot > instant), found.SlotAfter);
        yield return Comparison.Differ("slot before", slots.TakeWhile(slot => slot < instant).LastOrDefault(), found.SlotBefore);
        var at = plan.Outcomes.ToList().FindIndex(outcome => outcome.Slot == instant);
        if (at < 0)
        {
            var minute = LocalCalendar.MinuteOf(instant);
            yield return Comparison.Differ("finding",
                instant < plan.Outcomes[0].Slot ? SlotFinding.NotKept
                : minute is { } slot && plan.Grid.IsSlot[slot] ? SlotFinding.Upcoming
                : minute is { } other && plan.Grid.IsDropped[other] ? SlotFinding.DaylightSaving
                : SlotFinding.NotDue,
                found.Finding);
            yield break;
        }
        var expected = plan.Outcomes[at];
        yield return Comparison.Differ("finding", SlotFinding.Recorded, found.Finding);
        yield return Comparison.Differ("outcome", expected.Outcome, found.Entry?.Record.Outcome);
        yield return Comparison.Differ("reason", expected.Reason, found.Entry?.Record.Reason);
        yield return Comparison.Differ("pause", expected.Pause, found.Pause);
        if (expected.Reason is OutcomeReason.HostDown)
        {
            yield return SinceEndOf(year.Lives.Last(life => life.Start < expected.Noticed), found);
            yield return Comparison.Differ("until", expected.Noticed, found.Until);
        }
        if (expected.Reason is OutcomeReason.HostLost)
        {
            yield return SinceEndOf(year.Lives.Last(life => life.Start < instant), found);
            yield return Comparison.Differ("host", true, found.Text.Contains(
                $"its host '{Environment.MachineName}' (instance {found.Entry!.Instance}) sent its last heartbeat at "));
        }
    }

    // The last sign of a host that was killed is its last heartbeat.
    private static string SinceEndOf(HostLife life, SlotExplanation found) =>
        found.Since <= life.End && (life.Stops ? found.Since == life.End : found.Since > life.End - Heartbeat)
            ? ""
            : $"since: expected about {life.End:u}, found {found.Since:u}";
}
