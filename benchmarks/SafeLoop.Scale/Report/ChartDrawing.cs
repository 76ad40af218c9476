using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace SafeLoop.Scale.Report;

/// <summary>Draws a chart: both axes logarithmic, a label at the end of each curve.</summary>
internal static class ChartDrawing
{
    private const int Width = 1600, Height = 900;
    private const double LabelGap = 0.045; // of the height: closer labels would cover each other

    private static readonly Color Ink = Color.FromHex("#24292f");
    private static readonly Color Muted = Color.FromHex("#6e7781");
    private static readonly Color Grid = Color.FromHex("#eaeef2");
    private static readonly Color[] Colors = [.. new[] { "#1a7f37", "#2da44e", "#cf222e", "#bc6c00", "#0969da", "#54aeff",
        "#8250df", "#57606a" }.Select(Color.FromHex)];
    private static readonly string[] Preferred = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans",
        "DejaVu Sans"];

    public static void Save(Chart chart, IReadOnlyList<Curve> curves, string path)
    {
        var plot = new Plot { ScaleFactor = 2 };
        plot.Font.Set(Typeface());
        plot.Title($"{chart.Title} ({chart.Unit})", size: 17);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.ForeColor = Ink;

        var values = curves.SelectMany(curve => curve.Results.Select(result => Positive(result, chart))).ToArray();
        var sizes = curves.SelectMany(curve => curve.Results.Select(result => result.Scenario.Loops)).Distinct()
            .Order().ToArray();
        Axes(plot, chart, sizes, values);
        foreach (var curve in curves)
            Line(plot, chart, curve);
        Labels(plot, chart, curves, sizes[^1]);
        plot.SavePng(path, Width, Height);
    }

    private static void Axes(Plot plot, Chart chart, int[] sizes, double[] values)
    {
        plot.XLabel("loops", size: 13);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.Bold = false;
            axis.Label.ForeColor = Muted;
            axis.TickLabelStyle.ForeColor = Muted;
            axis.TickLabelStyle.FontSize = 12;
            axis.FrameLineStyle.Color = Muted;
            axis.MajorTickStyle.Length = 0;
            axis.MinorTickStyle.Length = 0;
        }

        plot.Axes.Bottom.TickGenerator = new NumericManual([.. sizes.Select(size => Math.Log10(size))],
            [.. sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture))]);
        var (low, high) = (Math.Floor(Math.Log10(values.Min())), Math.Ceiling(Math.Log10(values.Max())));
        var powers = Enumerable.Range((int)low, (int)(high - low) + 1).ToArray();
        plot.Axes.Left.TickGenerator = new NumericManual([.. powers.Select(power => (double)power)],
            [.. powers.Select(power => Math.Pow(10, power).ToString("#,0.###", CultureInfo.InvariantCulture))]);
        plot.Axes.Left.MinimumSize = 76;
        plot.Axes.Bottom.MinimumSize = 52;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Grid;

        var (first, last) = (Math.Log10(sizes[0]), Math.Log10(sizes[^1]));
        var room = Math.Max(0.5, last - first);
        plot.Axes.SetLimits(first - (0.04 * room), last + (0.6 * room), low - 0.05, high + 0.05);
    }

    private static void Line(Plot plot, Chart chart, Curve curve)
    {
        var line = plot.Add.Scatter(
            curve.Results.Select(result => Math.Log10(result.Scenario.Loops)).ToArray(),
            curve.Results.Select(result => Math.Log10(Positive(result, chart))).ToArray(),
            Colors[curve.Place]);
        line.LineWidth = 3;
        line.MarkerSize = 8;
    }

    /// <summary>Each at the height of its curve's end, and all moved apart.</summary>
    private static void Labels(Plot plot, Chart chart, IReadOnlyList<Curve> curves, int most)
    {
        var gap = LabelGap * plot.Axes.GetLimits().VerticalSpan;
        var height = double.NegativeInfinity;
        foreach (var curve in curves.OrderBy(curve => Positive(curve.Results[^1], chart)))
        {
            var value = Positive(curve.Results[^1], chart);
            height = Math.Max(height + gap, Math.Log10(value));
            var size = curve.Results[^1].Scenario.Loops;
            var at = size == most ? "" : string.Create(CultureInfo.InvariantCulture, $" at {size:N0}");
            var label = plot.Add.Text($"{curve.Name}{at}: {Figures.Short(value)}", Math.Log10(most), height);
            label.LabelFontColor = Colors[curve.Place];
            label.LabelFontSize = 13;
            label.LabelAlignment = Alignment.MiddleLeft;
            label.OffsetX = 10;
        }
    }

    // A logarithm of nothing cannot be drawn; a thousandth is nothing in all units here.
    private static double Positive(Result result, Chart chart) => Math.Max(0.001, result.Median(chart.Figure));

    /// <summary>The first sans-serif of this machine; the library's fallback on Linux is a serif.</summary>
    private static string Typeface()
    {
        var installed = SKFontManager.Default.GetFontFamilies();
        return Preferred.FirstOrDefault(name => installed.Contains(name)) ?? Fonts.Default;
    }
}
