using System.Globalization;

namespace SafeLoop.Scale.Report;

/// <summary>Writes the figures into performance.md, and the charts beside it.</summary>
internal static class PerformancePage
{
    public static void Write(ScaleOptions options, string machine, Comparison comparison, IReadOnlyList<Verdict> verdicts)
    {
        var images = Directory.CreateDirectory(Path.Combine(options.Docs, "images")).FullName;
        var charts = Charts.Save(comparison, images);
        MarkedSection.Replace(Path.Combine(options.Docs, "performance.md"), $"""
            {Origin(options, machine)}

            {Tables.Running(comparison)}
            {string.Join("\n", charts.Select(chart => $"![{chart.Title}](images/{chart.File})"))}

            How each was set up, beyond its defaults:

            {Tables.Notes(comparison)}
            With nothing due:

            {Tables.Idle(comparison)}
            ### What SafeLoop must reach

            {Tables.Promises(verdicts)}
            """);
    }

    private static string Origin(ScaleOptions options, string machine) => string.Create(
        CultureInfo.InvariantCulture,
        $"Each loop is due every {options.Period.TotalSeconds:0} s. The phases are spread over the period. "
        + $"{options.Window.TotalSeconds:0} s are measured.\nMedians of {options.Repetitions} runs, on {machine}.");
}
