using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>Applies a fix until no diagnostic is left that it takes.</summary>
internal static class Fixer
{
    public static async Task<string> ApplyAsync(string source, CodeFixProvider fix, params MetadataReference[] references)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(
            ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Default, "Fixed", "Fixed", LanguageNames.CSharp,
                compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary),
                parseOptions: new CSharpParseOptions(LanguageVersion.Latest),
                metadataReferences: [.. Platform.References, .. references]));
        var document = project.AddDocument("Job.cs", source);
        while (await NextAsync(document, fix) is { } action)
        {
            var changed =
                Assert.Single((await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>());
            document = changed.ChangedSolution.GetDocument(document.Id)!;
        }

        return (await document.GetTextAsync()).ToString();
    }

    public static async Task<IReadOnlyList<Diagnostic>> DiagnosticsAsync(Compilation compilation) =>
        await compilation.WithAnalyzers(Platform.Analyzers).GetAnalyzerDiagnosticsAsync();

    private static async Task<CodeAction?> NextAsync(Document document, CodeFixProvider fix)
    {
        var compilation = await document.Project.GetCompilationAsync();
        foreach (var diagnostic in await DiagnosticsAsync(compilation!))
        {
            CodeAction? found = null;
            if (fix.FixableDiagnosticIds.Contains(diagnostic.Id))
                await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => found ??= action,
                    CancellationToken.None));
            if (found is not null)
                return found;
        }

        return null;
    }
}
