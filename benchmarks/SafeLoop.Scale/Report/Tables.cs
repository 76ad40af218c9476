using System.Globalization;
using System.Text;
using SafeLoop.Scale.Engines;

namespace SafeLoop.Scale.Report;

/// <summary>The results as Markdown.</summary>
internal static class Tables
{
    private const string RunningHead = """
        | loops | engine | start, s | B/loop | RSS, MB | B/iteration | CPU, µs/iteration | late p50, ms | p99 | max | GC pause | full GC, ms | ran |
        |---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|

        """;

    private const string IdleHead = """
        | engine | loops | of a core |
        |---|---:|---:|

        """;

    private const string PromisesHead = """
        | promise | measured | |
        |---|---|---|

        """;

    public static string Running(Comparison comparison) => RunningHead + string.Concat(comparison.Running.Select(Row));

    public static string Idle(Comparison comparison) => IdleHead + string.Concat(comparison.Idle.Select(IdleRow));

    public static string Promises(IEnumerable<Verdict> verdicts) =>
        PromisesHead
        + string.Concat(verdicts.Select(verdict => $"| {verdict.Promise} | {verdict.Measured} | {verdict.Word} |\n"));

    /// <summary>How each was set up, and what it could not do.</summary>
    public static string Notes(Comparison comparison)
    {
        var notes = new StringBuilder();
        foreach (var group in comparison.All.GroupBy(result => result.Scenario.Engine))
        {
            var engine = EngineCatalog.Find(group.Key);
            if (engine.Note is not null)
                notes.Append(WrapItem($"- **{engine.Name}**: {engine.Note}.")).Append('\n');
        }
        return notes.ToString();
    }

    /// <summary>A list item in lines of 120 columns, as all pages have them.</summary>
    private static string WrapItem(string item)
    {
        var lines = new List<string>();
        foreach (var word in item.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= 120)
                lines[^1] += $" {word}";
            else
                lines.Add(lines.Count is 0 ? word : $"  {word}");
        }
        return string.Join('\n', lines);
    }

    private static string Row(Result result)
    {
        var scenario = result.Scenario;
        var head =
            string.Create(CultureInfo.InvariantCulture, $"| {scenario.Loops:N0} | {EngineCatalog.Find(scenario.Engine).Name} ");
        if (!result.IsMeasured)
            return head + $"| {result.Problem} | | | | | | | | | | |\n";

        string[] cells =
        [
            Figures.Short(result.Median(run => run.StartSeconds)),
            Figures.Whole(result.Median(run => run.BytesPerLoop)),
            Figures.Megabytes(result.Median(run => run.ResidentBytes)),
            Figures.Short(result.Median(run => run.AllocatedPerIteration)),
            Figures.Short(result.Median(run => run.MicrosecondsPerIteration)),
            Figures.Short(result.Median(run => run.LateMedian)),
            Figures.Short(result.Median(run => run.Late99)),
            Figures.Whole(result.Median(run => run.LateMost)),
            Figures.Percent(result.Median(run => run.PauseShare)),
            Figures.Short(result.Median(run => run.FullCollectionMilliseconds)),
            Figures.Percent(result.Median(run => run.Ran)) + (result.Problem is { } problem ? $" ({problem})" : ""),
        ];
        return $"{head}| {string.Join(" | ", cells)} |\n";
    }

    private static string IdleRow(Result result) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {EngineCatalog.Find(result.Scenario.Engine).Name} | {result.Scenario.Loops:N0} | "
        + $"{(result.IsMeasured ? Figures.Percent(result.Median(run => run.CoreShare)) : result.Problem)} |\n");
}
