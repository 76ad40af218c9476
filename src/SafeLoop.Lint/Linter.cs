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
        var problems = new List<string>();
        using var code = await Code.OpenAsync(path, problems, cancellationToken).ConfigureAwait(false);
        var root = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;
        var findings = new HashSet<Finding>();
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var project in code.Projects)
        {
            if (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is not { } compilation)
                continue;
            files.UnionWith(project.Documents.Select(document => document.FilePath ?? document.Name));
            foreach (var diagnostic in await AnalyzeAsync(compilation, project.AnalyzerOptions, problems, cancellationToken).ConfigureAwait(false))
                findings.Add(Finding.Of(diagnostic, root));
        }

        if (files.Count == 0 && problems.Count == 0)
            problems.Add($"There is no C# code at '{path}'.");
        return new([.. findings.OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column)], problems, files.Count);
    }

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation, AnalyzerOptions options, List<string> problems, CancellationToken cancellationToken)
    {
        ImmutableArray<DiagnosticAnalyzer> rules = [new SelfReschedulingAnalyzer(), new MutualReschedulingAnalyzer(), new BackgroundLoopAnalyzer()];
        var settings = new CompilationWithAnalyzersOptions(options, Fail, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        return compilation.WithAnalyzers(rules, settings).GetAnalyzerDiagnosticsAsync(cancellationToken);

        void Fail(Exception error, DiagnosticAnalyzer analyzer, Diagnostic diagnostic)
        {
            lock (problems)
                problems.Add($"{analyzer.GetType().Name} failed in {compilation.AssemblyName}: {error.Message}");
        }
    }
}
