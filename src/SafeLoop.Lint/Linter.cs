using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SafeLoop.Analyzers;

namespace SafeLoop.Lint;

/// <summary>Runs the rules over code that has no reference to the package.</summary>
internal static class Linter
{
    /// <param name="path">A solution, a project, or a folder: of projects, or of nothing but C# files.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<LintReport> RunAsync(string path, CancellationToken cancellationToken = default)
    {
        path = Path.GetFullPath(path);
        var problems = new Problems();
        var root = Directory.Exists(path) ? Path.TrimEndingDirectorySeparator(path) : Path.GetDirectoryName(path)!;
        var findings = new HashSet<Finding>();
        var files = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var unit in Code.OpenAsync(Directory.Exists(path) ? root : path, problems, cancellationToken)
            .ConfigureAwait(false))
        {
            files.UnionWith(unit.Files);
            foreach (var diagnostic in await AnalyzeAsync(unit, problems, cancellationToken).ConfigureAwait(false))
                findings.Add(Finding.Of(diagnostic, root));
        }

        if (files.Count == 0 && problems.Sentences.Count == 0)
            problems.Add($"There is no C# code at '{path}'.");
        return new([.. findings.OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line)
            .ThenBy(finding => finding.Column)], problems.Sentences, files.Count) { Root = root };
    }

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Unit unit, Problems problems,
        CancellationToken cancellationToken)
    {
        ImmutableArray<DiagnosticAnalyzer> rules = [
            new SelfReschedulingAnalyzer(),
            new MutualReschedulingAnalyzer(),
            new BackgroundLoopAnalyzer()
        ];
        var settings = new CompilationWithAnalyzersOptions(unit.Options, Fail, concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        return OnlySuspects.In(unit.Compilation).WithAnalyzers(rules, settings).GetAnalyzerDiagnosticsAsync(cancellationToken);

        void Fail(Exception error, DiagnosticAnalyzer analyzer, Diagnostic diagnostic) =>
            problems.Add($"{analyzer.GetType().Name} failed in {unit.Compilation.AssemblyName}: {error.Message}");
    }
}
