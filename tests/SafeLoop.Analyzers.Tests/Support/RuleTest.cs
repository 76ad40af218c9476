using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>All rules over one source, in which <c>{|SLP001:…|}</c> marks what must be reported; nothing else may be.</summary>
internal sealed class RuleTest : CSharpAnalyzerTest<SelfReschedulingAnalyzer, DefaultVerifier>
{
    public static Task Members(string members, string editorconfig = "") => File(Code.WithMembers(members), editorconfig);

    public static Task File(string source, string editorconfig = "")
    {
        var test = new RuleTest { TestCode = source, ReferenceAssemblies = Platform.None };
        test.TestState.AdditionalReferences.AddRange(Platform.References);
        if (editorconfig.Length > 0)
            test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\n" + editorconfig));
        return test.RunAsync();
    }

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => Platform.Analyzers;

    protected override CompilationOptions CreateCompilationOptions() =>
        ((CSharpCompilationOptions)base.CreateCompilationOptions()).WithNullableContextOptions(NullableContextOptions.Disable)
            .WithAllowUnsafe(true);

    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.Latest);
}
