using System.Text;

namespace SafeLoop.Tool;

/// <summary>The owners on the page: those with a verdict, a table of the largest, and a chart of what retains how much.</summary>
internal static class OwnerPage
{
    public static void Append(StringBuilder page, LeakReport report)
    {
        foreach (var owner in report.Owners.Where(owner => owner.Verdict != Verdict.Nothing))
            Append(page, owner);
        if (report.Owners.Count > 0)
            AppendTable(page, report.Owners);
        if (report.OwnerTree is { Children.Count: > 0 } heap)
            page.AppendLine("<h2>What retains how much</h2>").AppendLine(OwnerChart.Of(heap));
    }

    private static void Append(StringBuilder page, Owner owner)
    {
        page.Append(HtmlReport.Open(owner.Verdict)).Append(HtmlReport.Escape(owner.Line)).AppendLine("</h2>");
        foreach (var sentence in OwnerSentences.Why(owner).Prepend(OwnerSentences.HowMuch(owner)))
            page.Append("<p>").Append(HtmlReport.Escape(sentence)).AppendLine("</p>");
        if (owner.Shape is { } shape)
            page.Append("<h2>Cure</h2><pre>").Append(HtmlReport.Escape(shape.Cure)).AppendLine("</pre>");
        page.AppendLine("</section>");
    }

    private static void AppendTable(StringBuilder page, IReadOnlyList<Owner> owners)
    {
        page.AppendLine("<h2>Largest owners</h2>").AppendLine("<div class=\"wide\"><table>");
        page.AppendLine("<tr><th class=\"n\">retained</th><th class=\"n\">share</th><th>owner</th></tr>");
        foreach (var owner in owners)
        {
            page.Append($"<tr><td class=\"n\">{Text.Bytes(owner.RetainedBytes)}</td>");
            page.AppendLine(
                $"<td class=\"n\">{Text.Share(owner.RetainedShare)}</td><td>{HtmlReport.Escape(owner.Line)}</td></tr>");
        }

        page.AppendLine("</table></div>");
    }
}
