using System.Text;

namespace SafeLoop.Tool;

/// <summary>Which part of the time collections took, and when there were full ones.</summary>
internal static class PauseChart
{
    private const int Height = 110;
    private const int Bottom = 20;

    /// <param name="points">At least two.</param>
    public static string Of(IReadOnlyList<TrendPoint> points)
    {
        var top = Math.Max(0.05, points.Max(point => point.GcPauseRatio));
        double Y(double ratio) => (Height - Bottom) - (ratio / top * (Height - Bottom - 10));
        string At(TrendPoint point) => TrendChart.X(points, point).ToString("0.0", Text.Culture);

        var svg = new StringBuilder();
        svg.AppendLine(Text.Culture, $"<svg viewBox=\"0 0 {TrendChart.Width} {Height}\" role=\"img\" "
            + $"aria-label=\"Garbage collection pauses over time\" width=\"100%\">");
        foreach (var (before, after) in points.Zip(points.Skip(1))
            .Where(pair => pair.Second.Gen2Collections > pair.First.Gen2Collections))
        {
            svg.AppendLine(Text.Culture, $"<line x1=\"{At(after)}\" x2=\"{At(after)}\" y1=\"0\" y2=\"{Height - Bottom}\" "
                + $"stroke=\"#ef8c00\"><title>full collections: "
                + $"{after.Gen2Collections - before.Gen2Collections}, {after.Gen2Collections} so far</title></line>");
        }

        var line =
            string.Join(' ', points.Select(point => string.Create(Text.Culture, $"{At(point)},{Y(point.GcPauseRatio):0.0}")));
        svg.AppendLine(Text.Culture, $"<polyline fill=\"none\" stroke=\"#0b62c4\" stroke-width=\"2\" points=\"{line}\"/>");
        svg.AppendLine(Text.Culture, $"<text x=\"0\" y=\"{Y(top) + 8:0.0}\">paused {top * 100:0.0} %</text>");
        svg.AppendLine(Text.Culture, $"<line x1=\"{TrendChart.Left}\" x2=\"{TrendChart.Width}\" y1=\"{Height - Bottom}\" "
            + $"y2=\"{Height - Bottom}\" stroke=\"#59636e\"/>");
        svg.AppendLine(Text.Culture, $"<text x=\"{TrendChart.Left}\" y=\"{Height - 4}\">part of the time paused for collections; "
            + $"orange: full ones, {points[^1].Gen2Collections - points[0].Gen2Collections} in all</text>");
        return svg.Append("</svg>").ToString();
    }
}
