using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>The report for people, in the form compilers use: editors make links of it.</summary>
internal static class TextReport
{
    public static void Write(LintReport report, TextWriter output)
    {
        foreach (var finding in report.Findings)
            output.WriteLine(
                $"{finding.File}({finding.Line},{finding.Column}): {NameOf(finding.Severity)} {finding.Rule}: {finding.Message}");
        foreach (var problem in report.Problems)
            output.WriteLine($"problem: {problem}");
        var warnings = report.Findings.Count(finding => finding.Severity >= DiagnosticSeverity.Warning);
        output.WriteLine($"{report.Files} files, {warnings} warnings, {report.Findings.Count - warnings} hints, "
            + $"{report.Problems.Count} problems");
    }

    private static string NameOf(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "info",
    };
}
