using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// Explanations of a year in which hosts are killed and started again over one store, held against a model. More seeds:
/// tests/explain.sh.
/// </summary>
public class RestartOracleTests
{
    private const int Drawn = 150;

    private static readonly int First = Setting("SAFELOOP_FIRST_SEED", 1), Seeds = Setting("SAFELOOP_YEARS", 1);

    [Fact]
    public async Task Every_explanation_of_a_year_with_restarts_is_that_of_the_model()
    {
        var differences = new List<string>();
        for (var seed = First; seed < First + Seeds && differences.Count < 40; seed++)
            differences.AddRange(await Live(seed));
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(40)));
    }

    private static async Task<List<string>> Live(int seed)
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
                var found = await history.ExplainAsync(plan.Name, instant);
                var wrong = Differences(found, plan).Where(text => text.Length > 0).ToList();
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
            foreach (var plan in year.Tasks)
                Configure(services, plan, life);
        }, life.Start);
        if (life.Resume is { } resume)
        {
            await host.AdvanceAsync(resume - host.Now);
            host["often"].Resume();
        }
        if (life.Pause is var (pause, _))
        {
            await host.AdvanceAsync(pause.Since - host.Now);
            await host["often"].PauseAsync(pause.Reason, pause.By, pause.Until);
        }
        await host.AdvanceAsync(life.End - host.Now);
        if (life != year.Lives[^1])
            hosts.Kill();
    }

    private static void Configure(IServiceCollection services, RestartPlan plan, HostLife life)
    {
        var task = services.AddRecurringTask(plan.Name).Step<TimeProvider>("step", async (time, iteration, token) =>
        {
            if (iteration.Slot == life.HangsAt(plan.Name))
                await Task.Delay(TimeSpan.FromDays(1), time, token);
        });
        _ = plan.Rule.Expression is { } cron
            ? task.Cron(cron, plan.Rule.Zone).OnDaylightSaving(plan.Rule.Skipped, plan.Rule.Repeated)
            : task.Every(TimeSpan.FromMinutes(plan.Rule.Period));
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

    private static IEnumerable<string> Differences(SlotExplanation found, RestartPlan plan)
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
            var before = plan.Outcomes.Take(at).LastOrDefault(outcome => outcome.Noticed != expected.Noticed);
            if (before?.Reason is not (OutcomeReason.HostDown or OutcomeReason.HostLost)) // their records end when it was noticed
                yield return Comparison.Differ("since", before?.Ended, found.Since);
            yield return Comparison.Differ("until", expected.Noticed, found.Until);
        }
        if (expected.Reason is OutcomeReason.HostLost)
            yield return Comparison.Differ("since", instant, found.Since);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : otherwise;
}
