using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.MSBuild;

namespace SafeLoop.Lint;

/// <summary>The C# projects of a solution or a project, opened by the MSBuild of the SDK as the compiler would see
/// them.</summary>
internal static class BuildCode
{
    // Projects for Windows open on other systems too.
    private static readonly Dictionary<string, string> Properties = new(StringComparer.Ordinal) { ["EnableWindowsTargeting"] =
        "true" };

    public static async IAsyncEnumerable<Unit> OpenAsync(string path, Problems problems,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var workspace = MSBuildWorkspace.Create(Properties);
        using var failures = workspace.RegisterWorkspaceFailedHandler(failed =>
        {
            if (failed.Diagnostic.Kind == WorkspaceDiagnosticKind.Failure)
                problems.Add(failed.Diagnostic.Message);
        });
        try
        {
            if (Code.IsSolution(path))
                await workspace.OpenSolutionAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
            else
                await workspace.OpenProjectAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // the readers of each format have exceptions of their own
            when (error is not OperationCanceledException)
        {
            problems.Add($"'{path}' could not be opened: {error.Message}");
        }

        foreach (var project in workspace.CurrentSolution.Projects.Where(project => project.Language == LanguageNames.CSharp))
        {
            if (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is { } compilation)
                yield return new(compilation, project.AnalyzerOptions, project.Documents
                    .Select(document => document.FilePath ?? document.Name));
        }
    }
}
