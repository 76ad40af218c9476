using System.Globalization;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>
/// Explanations of a year in virtual time are held against a model that was written without them. More seeds:
/// tests/explain.sh.
/// </summary>
public class ExplanationOracleTests
{
    private const int Drawn = 1200;

    private static readonly int First = Setting("SAFELOOP_FIRST_SEED", 1), Seeds = Setting("SAFELOOP_YEARS", 1);

    [Fact]
    public void Every_explanation_of_a_year_is_that_of_the_model()
    {
        var differences = new List<string>();
        for (var seed = First; seed < First + Seeds && differences.Count < 40; seed++)
            differences.AddRange(Live(seed));
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(40)));
    }

    private static List<string> Live(int seed)
    {
        var (year, random, differences) = (new Year(seed), new Random(seed), new List<string>());
        var models = new Dictionary<string, TaskModel>();
        foreach (var plan in year.Tasks)
            models[plan.Name] = new(year, plan, plan.Name is "guest" ? models["holder"] : null);
        using var host = new YearHost(year);
        foreach (var now in new[] { Year.At(150 + random.Next(30), random.Next(1440), 5), Year.End })
        {
            host.RunTo(now);
            foreach (var model in models.Values.Where(model => host.Host.Tasks.Find(model.Plan.Name) is not null))
            {
                if (now < model.Plan.Registered || now < model.From)
                    continue; // another life, or another schedule
                var (judge, instants) = (new Judge(model, now), new Instants(random, year));
                for (var at = 0; at < Drawn / year.Tasks.Count; at++)
                {
                    differences.AddRange(Ask(host, model, judge, instants.Draw(model, now))
                        .Select(text => $"seed {seed}, now {now:u}: {text}"));
                }
            }
        }
        return differences;
    }

    private static IEnumerable<string> Ask(YearHost host, TaskModel model, Judge judge, DateTimeOffset instant)
    {
        var (expected, found) = (judge.Expect(instant), host.Host.Explain(model.Plan.Name, instant));
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

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : otherwise;
}
