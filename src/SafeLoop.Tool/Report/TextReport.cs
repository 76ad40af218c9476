namespace SafeLoop.Tool;

/// <summary>The report as people read it in a terminal.</summary>
internal static class TextReport
{
    public static void Write(TextWriter terminal, LeakReport report)
    {
        using var output = new PrintableWriter(terminal);
        output.WriteLine(Sentences.Origin(report.Origin));
        output.WriteLine(Sentences.Heap(report));
        if (report.Trend.Count > 1)
            output.WriteLine(Sentences.Trend(report.Trend));
        if (report.Findings.Count == 0)
        {
            output.WriteLine();
            output.WriteLine("Nothing found: no method is chained to itself.");
        }

        foreach (var finding in report.Findings)
            Write(output, finding);

        output.WriteLine();
        output.WriteLine("Heaviest classes");
        Table.Write(output, ["count", "bytes", "class", "assembly"], report.Classes.Take(8).Select(one =>
            new[] { Text.Count(one.Count), Text.Bytes(one.Bytes), one.Name, one.Module }), rightAligned: 2);

        foreach (var note in report.Notes)
        {
            output.WriteLine();
            output.WriteLine(note);
        }
    }

    private static void Write(TextWriter output, Finding finding)
    {
        output.WriteLine();
        output.WriteLine($"{(finding.Verdict == Verdict.Leak ? "LEAK" : "SUSPICIOUS")}: {Sentences.What(finding)}");
        output.WriteLine("  " + Sentences.HowMuch(finding));
        foreach (var why in Sentences.Why(finding))
            output.WriteLine("  " + why);

        if (finding.Excerpt.Count > 0)
            output.WriteLine();
        var marked = finding.Methods.Select(method => method.Recursion?.Line).FirstOrDefault(line => line is not null);
        foreach (var line in finding.Excerpt)
            output.WriteLine($"  {(line.Line == marked ? ">" : " ")} {line.Line.ToString(Text.Culture),5}  {line.Text}");

        output.WriteLine();
        output.WriteLine("  Chain");
        foreach (var link in Sentences.Chain(finding))
            output.WriteLine("    " + link);

        output.WriteLine();
        output.WriteLine("  Cure");
        foreach (var line in finding.Cure.Split('\n'))
            output.WriteLine("    " + line.TrimEnd('\r'));
    }
}
