using System.Text;

namespace SafeLoop.Tool;

/// <summary>
/// Retained bytes as an icicle: the heap on top, below each bar the parts that only it holds, as wide as what they retain.
/// The title of a bar says what it is.
/// </summary>
internal static class OwnerChart
{
    private const double Width = 900;
    private const double Row = 22;
    private const int MaxRows = 16;

    /// <summary>Narrower bars cannot be seen, nor counted.</summary>
    private const double LeastWidth = 2;

    /// <summary>Of a letter, in a font of 12 pixels.</summary>
    private const double Letter = 6.6;

    public static string Of(OwnerNode heap)
    {
        var bars = Bars(heap);
        var svg = new StringBuilder();
        var height = (bars.Max(bar => bar.Depth) + 1) * Row;
        svg.Append(Text.Culture, $"<div class=\"wide\"><svg viewBox=\"0 0 {Width:0} {height:0}\" role=\"img\"");
        svg.AppendLine(" aria-label=\"What retains how much\" width=\"100%\">");
        foreach (var (node, depth, left) in bars)
        {
            var width = WidthOf(node, heap);
            var name = node.Parent is null ? "the live heap" : Name(node);
            var share = Text.Share((double)node.Bytes / Math.Max(1, heap.Bytes));
            svg.Append(Text.Culture, $"<g><title>{HtmlReport.Escape(name)}: {Text.Bytes(node.Bytes)}, {share}</title>");
            svg.Append(Text.Culture, $"<rect x=\"{left:0.0}\" y=\"{depth * Row:0}\" width=\"{width - 1:0.0}\"");
            svg.AppendLine(Text.Culture, $" height=\"{Row - 2:0}\" fill=\"{Fill(node)}\"/>{Label(name, left, depth, width)}</g>");
        }

        return svg.Append("</svg></div>").ToString();
    }

    private static List<(OwnerNode Node, int Depth, double Left)> Bars(OwnerNode heap)
    {
        var bars = new List<(OwnerNode Node, int Depth, double Left)> { (heap, 0, 0) };
        for (var i = 0; i < bars.Count; i++)
        {
            var (node, depth, left) = bars[i];
            if (depth + 1 >= MaxRows)
                continue;
            foreach (var child in node.Children.OrderByDescending(part => part.Bytes)
                .Where(part => WidthOf(part, heap) >= LeastWidth))
            {
                bars.Add((child, depth + 1, left));
                left += WidthOf(child, heap);
            }
        }

        return bars;
    }

    private static double WidthOf(OwnerNode node, OwnerNode heap) => Width * node.Bytes / Math.Max(1, heap.Bytes);

    private static string Name(OwnerNode node)
    {
        var name = node.IsRoot || node.IsUsers ? node.Name : OwnerStep.ShortNameOf(node.Name);
        return node.Count > 1 ? $"{Text.Count(node.Count)} × {name}" : name;
    }

    /// <summary>The user's own stand out; what others hold, too, is pale.</summary>
    private static string Fill(OwnerNode node) =>
        node.Parent is null ? "#d8dee4" : !node.IsHeld ? "#f6f8fa" : node.IsUsers ? "#ffb59e" : "#cfe2ff";

    private static string Label(string name, double left, int depth, double width)
    {
        var letters = (int)((width - 8) / Letter);
        if (letters < 4)
            return "";
        var text = name.Length <= letters ? name : name[..(letters - 1)] + "…";
        var (x, y) = (left + 4, (depth * Row) + 14);
        return string.Create(Text.Culture, $"<text x=\"{x:0.0}\" y=\"{y:0}\">{HtmlReport.Escape(text)}</text>");
    }
}
