using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>What was found, and what could not be looked at.</summary>
/// <param name="Findings">In order of file and line, each once.</param>
/// <param name="Problems">Projects that could not be loaded, analyzers that failed: sentences.</param>
/// <param name="Files">How many files were looked at.</param>
internal sealed record LintReport(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Problems, int Files)
{
    /// <summary>The folder that the paths of the findings begin at.</summary>
    public string Root { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>The root of the Git repository around it, or the same folder if there is none.</summary>
    public string Repository
    {
        get
        {
            for (var place = Root; !string.IsNullOrEmpty(place); place = Path.GetDirectoryName(place))
            {
                if (Path.Exists(Path.Combine(place, ".git")))
                    return place;
            }

            return Root;
        }
    }

    /// <summary>
    /// 3: warnings were found. 1: none, but not everything could be looked at, so silence is no
    /// good news. 0: fine, or hints only.
    /// </summary>
    public int ExitCode =>
        Findings.Any(finding => finding.Severity >= DiagnosticSeverity.Warning) ? 3 : Problems.Count > 0 ? 1 : 0;
}
