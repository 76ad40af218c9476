namespace SafeLoop.Scale.Report;

/// <summary>The pictures of the report.</summary>
internal static class Charts
{
    private static readonly Chart[] All =
    [
        new("scale-bytes.png", "Heap per loop", "bytes", run => run.BytesPerLoop),
        new("scale-cpu.png", "CPU per iteration", "µs", run => run.MicrosecondsPerIteration),
        new("scale-late.png", "99 of 100 iterations start within", "ms", run => run.Late99),
    ];

    /// <summary>Draws those there are figures for.</summary>
    public static IReadOnlyList<Chart> Save(Comparison comparison, string directory)
    {
        var curves = Curve.Of(comparison);
        if (curves.Count == 0)
            return [];
        foreach (var chart in All)
            ChartDrawing.Save(chart, curves, Path.Combine(directory, chart.File));
        return All;
    }
}
