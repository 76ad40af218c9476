using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>What was found, and what could not be looked at.</summary>
/// <param name="Findings">In order of file and line, each once.</param>
/// <param name="Problems">Projects that could not be loaded, analyzers that failed: sentences.</param>
/// <param name="Files">How many files were looked at.</param>
internal sealed record LintReport(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Problems, int Files)
{
    /// <summary>3: warnings were found. 1: none, but not everything could be looked at, so silence is no good news. 0: fine, or hints only.</summary>
    public int ExitCode =>
        Findings.Any(finding => finding.Severity >= DiagnosticSeverity.Warning) ? 3 : Problems.Count > 0 ? 1 : 0;
}
