using System.Text;

namespace SafeLoop.Tool;

/// <summary>The folded chain as a drawing: what holds it, one frame standing for all, what lies between, the other end.</summary>
internal static class ChainDrawing
{
    private const int Width = 900;
    private const int Row = 46;
    private const int MaxHolders = 4;

    public static string Of(Finding finding)
    {
        var boxes = new List<(string Text, string Fill)>();
        foreach (var holder in finding.HeldBy.TakeLast(MaxHolders))
            boxes.Add((holder, "#eef1f4"));
        foreach (var frames in Sentences.Turns(finding))
            boxes.Add((frames, "#ffd7d5"));
        foreach (var between in finding.Between)
            boxes.Add((between + " (between each two)", "#fff3d6"));

        var svg = new StringBuilder();
        svg.AppendLine(Text.Culture, $"<svg viewBox=\"0 0 {Width} {boxes.Count * Row}\" role=\"img\" "
            + $"aria-label=\"The chain, folded\" width=\"100%\">");
        for (var i = 0; i < boxes.Count; i++)
        {
            var y = i * Row;
            svg.AppendLine(Text.Culture, $"<rect x=\"20\" y=\"{y + 2}\" width=\"{Width - 40}\" height=\"30\" rx=\"5\" "
                + $"fill=\"{boxes[i].Fill}\"/>");
            svg.AppendLine(Text.Culture, $"<text x=\"34\" y=\"{y + 22}\">{HtmlReport.Escape(boxes[i].Text)}</text>");
            if (i > 0)
                svg.AppendLine(
                    Text.Culture, $"<path d=\"M 50 {y - 13} v 10 m -4 -4 l 4 4 l 4 -4\" stroke=\"#59636e\" fill=\"none\"/>");
        }

        return svg.Append("</svg>").ToString();
    }
}
