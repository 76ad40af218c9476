using System.Text;

namespace SafeLoop.Tool;

/// <summary>Heap used over time against its limit.</summary>
internal static class TrendChart
{
    private const int Width = 900;
    private const int Height = 220;
    private const int Left = 80;
    private const int Bottom = 30;

    /// <param name="points">At least two.</param>
    /// <param name="limit">Drawn where it is not far above all points.</param>
    public static string Of(IReadOnlyList<TrendPoint> points, long limit)
    {
        var highest = points.Max(point => point.HeapUsed);
        var isLimitNear = limit > 0 && limit < highest * 4;
        var top = Math.Max(1.0, isLimitNear ? Math.Max(limit, highest) : highest) * 1.1;
        var first = points[0].At;
        var seconds = Math.Max(0.001, (points[^1].At - first).TotalSeconds);
        double X(TrendPoint point) => Left + ((point.At - first).TotalSeconds / seconds * (Width - Left - 10));
        double Y(double bytes) => (Height - Bottom) * (1 - (bytes / top));

        var svg = new StringBuilder();
        svg.AppendLine(Text.Culture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Heap used over time\" width=\"100%\">");
        if (isLimitNear)
        {
            svg.AppendLine(Text.Culture, $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{Y(limit):0.0}\" y2=\"{Y(limit):0.0}\" stroke=\"#c62828\" stroke-dasharray=\"6 4\"/>");
            svg.AppendLine(Text.Culture, $"<text x=\"0\" y=\"{Y(limit) + 4:0.0}\">limit {Text.Bytes(limit)}</text>");
        }

        var line = string.Join(' ', points.Select(point => string.Create(Text.Culture, $"{X(point):0.0},{Y(point.HeapUsed):0.0}")));
        svg.AppendLine(Text.Culture, $"<polyline fill=\"none\" stroke=\"#0b62c4\" stroke-width=\"2\" points=\"{line}\"/>");
        svg.AppendLine(Text.Culture, $"<text x=\"0\" y=\"{Y(points[^1].HeapUsed) + 4:0.0}\">{Text.Bytes(points[^1].HeapUsed)}</text>");
        svg.AppendLine(Text.Culture, $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\" stroke=\"#59636e\"/>");
        svg.AppendLine(Text.Culture, $"<text x=\"{Left}\" y=\"{Height - 8}\">0 s</text><text x=\"{Width - 50}\" y=\"{Height - 8}\">{seconds:0} s</text>");
        return svg.Append("</svg>").ToString();
    }
}
