using System.Globalization;
using RecursiveLeak.Measuring;
using Samples;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace RecursiveLeak.Drawing;

/// <summary>Draws what each form retains against its iterations.</summary>
internal static class LeakChart
{
    private const int Width = 1600;
    private const int Height = 900;
    private const double MiB = 1024 * 1024;

    private static readonly Color Ink = Color.FromHex("#24292f");
    private static readonly Color Muted = Color.FromHex("#6e7781");
    private static readonly Color Grid = Color.FromHex("#eaeef2");
    private static readonly Color[] Curves = [Color.FromHex("#cf222e"), Color.FromHex("#bc6c00"), Color.FromHex("#1a7f37")];

    private static readonly string[] Preferred = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans",
        "DejaVu Sans"];

    public static void Save(IReadOnlyList<LeakRun> runs, string path) => Draw(runs).SavePng(path, Width, Height);

    private static Plot Draw(IReadOnlyList<LeakRun> runs)
    {
        var plot = new Plot { ScaleFactor = 2 };
        plot.Font.Set(Typeface());
        Title(plot, runs);
        Axes(plot, runs);
        for (var i = 0; i < runs.Count; i++)
            Curve(plot, runs[i], Curves[i % Curves.Length]);
        return plot;
    }

    private static void Title(Plot plot, IReadOnlyList<LeakRun> runs)
    {
        plot.Title(string.Create(CultureInfo.InvariantCulture,
            $"Heap retained by {runs[0].Iterations:N0} iterations of the same work"), size: 17);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.ForeColor = Ink;
        plot.Axes.Title.Label.Alignment = Alignment.MiddleCenter;
    }

    private static void Axes(Plot plot, IReadOnlyList<LeakRun> runs)
    {
        plot.XLabel("iterations", size: 13);
        plot.YLabel("retained heap (MiB)", size: 13);
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

        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            // Beyond the last iteration there is only room for the labels.
            TickDensity = 0.5,
            LabelFormatter = value => value <= runs[0].Iterations ? value.ToString("N0", CultureInfo.InvariantCulture) : "",
        };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
        plot.Axes.Left.TickLabelStyle.OffsetY = 2;
        plot.Axes.Left.MinimumSize = 62;
        plot.Axes.Bottom.MinimumSize = 52;
        plot.Axes.Bottom.TickLabelStyle.OffsetY = 4;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Grid;

        var top = Math.Max(1, runs.Max(run => run.Retained) / MiB);
        plot.Axes.SetLimits(0, runs[0].Iterations * 1.34, -0.02 * top, 1.12 * top);
    }

    private static void Curve(Plot plot, LeakRun run, Color color)
    {
        var line = plot.Add.ScatterLine(
            run.Samples.Select(sample => (double)sample.Iterations).ToArray(),
            run.Samples.Select(sample => sample.Bytes / MiB).ToArray(),
            color);
        line.LineWidth = 3;

        var label = plot.Add.Text(Describe(run), run.Iterations, run.Retained / MiB);
        label.LabelFontColor = color;
        label.LabelFontSize = 13;
        label.LabelAlignment = run.Retained < 0.06 * plot.Axes.GetLimits().Top * MiB ? Alignment.LowerLeft : Alignment.MiddleLeft;
        label.LabelBackgroundColor = Colors.White;
        label.LabelPadding = 3;
        label.OffsetX = 8;
    }

    /// <summary>The first sans-serif of this machine; the library's fallback on Linux is a serif.</summary>
    private static string Typeface()
    {
        var installed = SKFontManager.Default.GetFontFamilies();
        return Preferred.FirstOrDefault(name => installed.Contains(name)) ?? Fonts.Default;
    }

    private static string Describe(LeakRun run) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{run.Form}\n{ByteSize.Text(run.Retained)}, {run.BytesPerIteration:0.#} B/iteration");
}
