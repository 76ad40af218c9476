using Xunit.Abstractions;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// Explanations of a year in virtual time are held against a model that was written without them. More seeds:
/// tests/explain.sh.
/// </summary>
public class ExplanationOracleTests(ITestOutputHelper output)
{
    private const int Drawn = 1500;

    [Fact]
    public void Every_explanation_of_a_year_is_that_of_the_model()
    {
        var (differences, met) = (new List<string>(), new AnswersMet());
        for (var seed = OracleSeeds.First; seed < OracleSeeds.First + OracleSeeds.Count && differences.Count < 40; seed++)
            differences.AddRange(Live(seed, met));
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(40)));
        met.MustHave(OracleCoverage.OfYear, output);
    }

    private static List<string> Live(int seed, AnswersMet met)
    {
        var (year, random, differences) = (new Year(seed), new Random(seed), new List<string>());
        var models = new Dictionary<string, TaskModel>();
        foreach (var plan in year.Tasks.Concat(year.Keys))
            models[plan.Name] = new(year, plan, plan.Name is "guest" ? models["holder"] : null);
        using var host = new YearHost(year);
        foreach (var now in new[] { WhileOneWaits(models["one"]), Year.End })
        {
            host.RunTo(now);
            foreach (var plan in year.Keys.Where(plan => !host.IsThere(plan)))
            {
                var found = host.Explain(plan, Year.At(random.Next(-2, 390), random.Next(1440), 0));
                met.Add(found);
                if (found.Finding is not SlotFinding.NoSuchKey)
                    differences.Add($"seed {seed}, now {now:u}: key '{plan.Name}' was removed: {found.Text}");
            }
            foreach (var model in models.Values.Where(model => host.IsThere(model.Plan)))
            {
                if (now < model.Plan.Registered || now < model.From)
                    continue; // another life, or another schedule
                var (judge, instants) = (new Judge(model, now), new Instants(random, year));
                for (var at = 0; at < Drawn / models.Count; at++)
                {
                    differences.AddRange(Ask(host, model, judge, instants.Draw(model, now), met)
                        .Select(text => $"seed {seed}, now {now:u}: {text}"));
                }
            }
        }
        return differences;
    }

    // In the middle of the year, while a slot waits for the iteration that is running.
    private static DateTimeOffset WhileOneWaits(TaskModel model) =>
        model.Outcomes.First(outcome => outcome.Queued > Year.At(150, 0, 0)).Queued!.Value.AddSeconds(65);

    private static IEnumerable<string> Ask(YearHost host, TaskModel model, Judge judge, DateTimeOffset instant, AnswersMet met)
    {
        var (expected, found) = (judge.Expect(instant), host.Explain(model.Plan, instant));
        met.Add(found);
        var differences = Comparison.Differences(found, expected, model, host).Where(text => text.Length > 0).ToList();
        if (found.Finding is SlotFinding.Excluded && differences.Count == 0)
            differences.AddRange(Comparison.MistakesInExclusion(found, model));
        var rule = model.Plan.Rule;
        return differences.Count == 0 ? [] :
        [
            $"{string.Join("; ", differences)}\n    {instant:u} by {rule.Expression ?? $"{rule.Period} min"} "
                + $"{rule.Zone} {rule.Skipped} {rule.Repeated}: {found.Text}",
        ];
    }
}
