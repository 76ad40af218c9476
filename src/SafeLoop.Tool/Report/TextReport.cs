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
        if (report is { Findings.Count: 0, Verdict: Verdict.Nothing })
        {
            output.WriteLine();
            output.WriteLine(OwnerSentences.Nothing(report));
        }

        foreach (var finding in report.Findings)
            Write(output, finding);
        foreach (var owner in report.Owners.Where(owner => owner.Verdict != Verdict.Nothing))
            Write(output, owner);
        OwnerTable.Write(output, report.Owners);

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
        output.WriteLine($"{Head(finding.Verdict)}: {Sentences.What(finding)}");
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

        WriteCure(output, finding.Cure);
    }

    public static void Write(TextWriter output, Owner owner)
    {
        output.WriteLine();
        output.WriteLine($"{Head(owner.Verdict)}: {owner.Line}");
        output.WriteLine("  " + OwnerSentences.HowMuch(owner));
        foreach (var why in OwnerSentences.Why(owner))
            output.WriteLine("  " + why);
        if (owner.Shape is { } shape)
            WriteCure(output, shape.Cure);
    }

    private static void WriteCure(TextWriter output, string cure)
    {
        output.WriteLine();
        output.WriteLine("  Cure");
        foreach (var line in cure.Split('\n'))
            output.WriteLine("    " + line.TrimEnd('\r'));
    }

    private static string Head(Verdict verdict) => verdict switch
    {
        Verdict.Leak => "LEAK",
        Verdict.Suspicious => "SUSPICIOUS",
        _ => "NOT GROWN",
    };
}
