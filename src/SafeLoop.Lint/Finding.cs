using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>One report of a rule. Lines and columns count from 1.</summary>
internal sealed record Finding(string Rule, DiagnosticSeverity Severity, string Message, string File, int Line, int Column)
{
    public static Finding Of(Diagnostic diagnostic, string root)
    {
        var place = diagnostic.Location.GetLineSpan();
        return new(
            diagnostic.Id,
            diagnostic.Severity,
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            Path.GetRelativePath(root, place.Path).Replace('\\', '/'),
            place.StartLinePosition.Line + 1,
            place.StartLinePosition.Character + 1);
    }
}
