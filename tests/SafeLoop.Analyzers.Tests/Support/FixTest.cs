using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>
/// A fix, applied one by one and to all at once, must give the expected code; that compiles and carries no warning.
/// </summary>
internal sealed class FixTest<TFix> : CSharpCodeFixTest<SelfReschedulingAnalyzer, TFix, DefaultVerifier>
    where TFix : CodeFixProvider, new()
{
    public static Task Members(string before, string after, string? title = null) =>
        File(Code.WithMembers(before), Code.WithMembers(after), title);

    public static Task NotOffered(string members) => Members(members, members);

    public static Task File(string before, string after, string? title = null, params MetadataReference[] references)
    {
        var test = new FixTest<TFix> { TestCode = before, FixedCode = after, ReferenceAssemblies = Platform.None };
        test.SolutionTransforms.Add((solution, project) => solution.AddMetadataReferences(
            project, [.. Platform.References, .. references]));
        if (title is not null)
            test.CodeActionVerifier = (action, verifier) => verifier.Equal(title, action.Title);
        return test.RunAsync();
    }

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => Platform.Analyzers;

    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.Latest);
}
