using System.Security;
using System.Text;

namespace SafeLoop.Tool;

/// <summary>The report as one page that needs nothing else: no script, no picture, no network.</summary>
internal static class HtmlReport
{
    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
        pre { background: #f6f8fa; padding: .8rem 1rem; overflow-x: auto }
        .leak { border-left: 6px solid #c62828; padding-left: 1rem }
        .suspicious { border-left: 6px solid #ef8c00; padding-left: 1rem }
        table { border-collapse: collapse; width: 100% }
        td, th { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #d8dee4 }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
        mark { background: #ffd7d5; display: block; margin: 0 -1rem; padding: 0 1rem }
        svg text { font: 13px system-ui, sans-serif } .quiet { color: #59636e } .wide svg text { font-size: 12px }
        /* A chart is unreadable narrower than this, and a table of long names is wide: they scroll, the page does not. */
        .wide { overflow-x: auto } .wide svg { min-width: 40rem } h1, h2, p { overflow-wrap: anywhere }
        @media (max-width: 40rem) { td { overflow-wrap: anywhere } section pre { white-space: pre-wrap } }
        """;

    public static void Write(string path, LeakReport report) => PrivateFile.Write(path, file =>
    {
        using var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.Write(Of(report));
    });

    public static string Of(LeakReport report)
    {
        var page = new StringBuilder();
        page.AppendLine("<!DOCTYPE html>").AppendLine("<html lang=\"en\">").AppendLine("<head>")
            .AppendLine("<meta charset=\"utf-8\">")
                .AppendLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        page.Append("<title>safeloop: ").Append(Escape(report.Origin.Name)).AppendLine("</title>");
        page.AppendLine("<style>").AppendLine(Style).AppendLine("</style>").AppendLine("</head>").AppendLine("<body>");
        page.Append("<h1>").Append(Escape(Sentences.Origin(report.Origin))).AppendLine("</h1>");
        page.Append("<p>").Append(Escape(Sentences.Heap(report))).AppendLine("</p>");
        if (report.Trend.Count > 1)
            page.AppendLine("<h2>Heap</h2>").Append("<div class=\"wide\">")
                .Append(TrendChart.Of(report.Trend, report.Origin.HeapLimit)).AppendLine("</div>").Append("<p>")
                    .Append(Escape(Sentences.Trend(report.Trend))).AppendLine("</p>");
        if (report is { Findings.Count: 0, Verdict: Verdict.Nothing })
            page.Append("<p>").Append(Escape(OwnerSentences.Nothing(report))).AppendLine("</p>");
        foreach (var finding in report.Findings)
            Append(page, finding);
        OwnerPage.Append(page, report);
        AppendClasses(page, report.Classes);
        foreach (var note in report.Notes)
            page.Append("<p>").Append(Escape(note)).AppendLine("</p>");
        page.AppendLine(
            "<p class=\"quiet\">This page holds names of types and methods and lines of source, no values of the process.</p>");
        return page.AppendLine("</body>").AppendLine("</html>").ToString();
    }

    public static string Escape(string text) => SecurityElement.Escape(text)!;

    private static void Append(StringBuilder page, Finding finding)
    {
        page.Append(Open(finding.Verdict)).Append(Escape(Sentences.What(finding))).AppendLine("</h2>");
        page.Append("<p>").Append(Escape(Sentences.HowMuch(finding))).AppendLine("</p>");
        foreach (var why in Sentences.Why(finding))
            page.Append("<p>").Append(Escape(why)).AppendLine("</p>");
        page.Append("<div class=\"wide\">").Append(ChainDrawing.Of(finding)).AppendLine("</div>");
        AppendSource(page, finding);
        page.Append("<h2>Cure</h2><pre>").Append(Escape(finding.Cure)).AppendLine("</pre>");
        page.AppendLine("</section>");
    }

    /// <summary>A section for one verdict, up to the words of its head.</summary>
    public static string Open(Verdict verdict) => verdict switch
    {
        Verdict.Leak => "<section class=\"leak\">\n<h2>Leak: ",
        Verdict.Suspicious => "<section class=\"suspicious\">\n<h2>Suspicious: ",
        _ => "<section>\n<h2>Not grown: ",
    };

    private static void AppendSource(StringBuilder page, Finding finding)
    {
        if (finding.Excerpt.Count == 0)
            return;

        var marked = finding.Methods.Select(method => method.Recursion?.Line).FirstOrDefault(line => line is not null);
        page.Append("<h2>").Append(Escape(Text.File(finding.Excerpt[0].File))).Append("</h2><pre>");
        foreach (var line in finding.Excerpt)
        {
            var text = Escape($"{line.Line.ToString(Text.Culture),5}  {line.Text}");
            page.Append(line.Line == marked ? $"<mark>{text}</mark>" : text + "\n");
        }

        page.AppendLine("</pre>");
    }

    private static void AppendClasses(StringBuilder page, IReadOnlyList<ClassCount> classes)
    {
        page.AppendLine("<h2>Heaviest classes</h2>").AppendLine("<div class=\"wide\"><table>");
        page.AppendLine("<tr><th class=\"n\">count</th><th class=\"n\">bytes</th><th>class</th><th>assembly</th></tr>");
        foreach (var one in classes)
            page.AppendLine($"<tr><td class=\"n\">{Text.Count(one.Count)}</td><td "
                + $"class=\"n\">{Text.Bytes(one.Bytes)}</td><td>{Escape(one.Name)}</td><td>{Escape(one.Module)}</td></tr>");
        page.AppendLine("</table></div>");
    }
}
