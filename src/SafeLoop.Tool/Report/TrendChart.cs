using System.Text;

namespace SafeLoop.Tool;

/// <summary>
/// Heap used over time against its limit; below it, on the same axis, pauses of collections, with a mark for each full one.
/// </summary>
internal static class TrendChart
{
    public const int Width = 900;
    public const int Left = 80;
    private const int Height = 220;
    private const int Bottom = 30;

    /// <param name="points">At least two.</param>
    /// <param name="limit">Drawn where it is not far above all points.</param>
    public static string Of(IReadOnlyList<TrendPoint> points, long limit)
    {
        var highest = points.Max(point => point.HeapUsed);
        var isLimitNear = limit > 0 && limit < highest * 4;
        var top = Math.Max(1.0, isLimitNear ? Math.Max(limit, highest) : highest) * 1.1;
        var seconds = (points[^1].At - points[0].At).TotalSeconds;
        double Y(double bytes) => (Height - Bottom) * (1 - (bytes / top));

        var svg = new StringBuilder();
        svg.AppendLine(Text.Culture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Heap used over time\" "
            + $"width=\"100%\">");
        if (isLimitNear)
        {
            svg.AppendLine(Text.Culture, $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{Y(limit):0.0}\" y2=\"{Y(limit):0.0}\" "
                + $"stroke=\"#c62828\" stroke-dasharray=\"6 4\"/>");
            svg.AppendLine(Text.Culture, $"<text x=\"{Left + 4}\" y=\"{Y(limit) - 7:0.0}\">limit {Text.Bytes(limit)}</text>");
        }

        var line = string.Join(
            ' ', points.Select(point => string.Create(Text.Culture, $"{X(points, point):0.0},{Y(point.HeapUsed):0.0}")));
        svg.AppendLine(Text.Culture, $"<polyline fill=\"none\" stroke=\"#0b62c4\" stroke-width=\"2\" points=\"{line}\"/>");
        svg.AppendLine(
            Text.Culture, $"<text x=\"0\" y=\"{Y(points[^1].HeapUsed) + 4:0.0}\">{Text.Bytes(points[^1].HeapUsed)}</text>");
        svg.AppendLine(Text.Culture, $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\" "
            + $"stroke=\"#59636e\"/>");
        svg.AppendLine(Text.Culture, $"<text x=\"{Left}\" y=\"{Height - 8}\">0 s</text><text x=\"{Width - 50}\" "
            + $"y=\"{Height - 8}\">{seconds:0} s</text>");
        svg.AppendLine("</svg>");
        return points.Any(point => point.GcPauseRatio > 0 || point.Gen2Collections > 0)
            ? svg.Append(PauseChart.Of(points)).ToString()
            : svg.ToString();
    }

    public static double X(IReadOnlyList<TrendPoint> points, TrendPoint point) =>
        Left
        + ((point.At - points[0].At).TotalSeconds / Math.Max(0.001, (points[^1].At - points[0].At).TotalSeconds)
            * (Width - Left - 10));
}
