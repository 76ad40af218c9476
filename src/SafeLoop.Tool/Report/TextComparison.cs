namespace SafeLoop.Tool;

/// <summary>A comparison as people read it in a terminal.</summary>
internal static class TextComparison
{
    private const int Classes = 15;

    public static void Write(TextWriter terminal, Comparison comparison)
    {
        using var output = new PrintableWriter(terminal);
        var seconds = (comparison.Later.TakenAt - comparison.Earlier.TakenAt).TotalSeconds;
        output.WriteLine($"{comparison.Earlier.Name} → {comparison.Later.Name}, {seconds.ToString("0.0", Text.Culture)} s apart");
        output.WriteLine($"{Text.Bytes(comparison.BytesBefore)} → {Text.Bytes(comparison.BytesAfter)} live");
        foreach (var owner in comparison.Owners.Where(owner => owner.Verdict != Verdict.Nothing))
            TextReport.Write(output, owner);
        OwnerTable.Write(output, comparison.Owners);
        output.WriteLine();
        output.WriteLine(comparison.Methods.Count == 0 ? "No method is chained to itself." : "Methods");
        if (comparison.Methods.Count > 0)
            Table.Write(output, ["frames before", "after", "more", "verdict", "method"], comparison.Methods.Select(RowOf),
                rightAligned: 3);

        output.WriteLine();
        output.WriteLine(comparison.Classes.Count == 0 ? "No class changed." : "Classes");
        if (comparison.Classes.Count > 0)
            Table.Write(output, ["more", "count before", "after", "class", "assembly"],
                comparison.Classes.Take(Classes).Select(RowOf), rightAligned: 3);
        foreach (var note in comparison.Notes)
        {
            output.WriteLine();
            output.WriteLine(note);
        }
    }

    private static string[] RowOf(Finding finding) =>
    [
        Text.Count(finding.Growth!.FramesBefore), Text.Count(finding.Frames), Text.Count(finding.Growth.FramesMore),
        finding.Verdict switch { Verdict.Leak => "leak", Verdict.Suspicious => "suspicious", _ => "not grown" },
            Sentences.Names(finding),
    ];

    private static string[] RowOf(ClassGrowth growth) =>
        [Text.Bytes(growth.BytesMore), Text.Count(growth.CountBefore), Text.Count(growth.CountAfter), growth.Name, growth.Module];
}
