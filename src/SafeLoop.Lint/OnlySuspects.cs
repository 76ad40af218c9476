using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>Passes all other files off as generated, which the rules leave alone; they are only there for what they
/// declare.</summary>
internal sealed class OnlySuspects(HashSet<SyntaxTree> suspects, SyntaxTreeOptionsProvider? options) : SyntaxTreeOptionsProvider
{
    public static Compilation In(Compilation compilation)
    {
        var options = compilation.Options.SyntaxTreeOptionsProvider;
        return compilation.WithOptions(compilation.Options
            .WithSyntaxTreeOptionsProvider(new OnlySuspects(Suspects.In([.. compilation.SyntaxTrees]), options)));
    }

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) =>
        suspects.Contains(tree) ? options?.IsGenerated(tree, cancellationToken) ?? GeneratedKind.Unknown
            : GeneratedKind.MarkedGenerated;

    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken,
        out ReportDiagnostic severity)
    {
        severity = ReportDiagnostic.Default;
        return options?.TryGetDiagnosticValue(tree, diagnosticId, cancellationToken, out severity) == true;
    }

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken,
        out ReportDiagnostic severity)
    {
        severity = ReportDiagnostic.Default;
        return options?.TryGetGlobalDiagnosticValue(diagnosticId, cancellationToken, out severity) == true;
    }
}
