using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SafeLoop.Analyzers.Tests.Support;
using SafeLoop.Lint;

namespace SafeLoop.Analyzers.Tests.Lint;

/// <summary>What lint leaves alone by its names alone holds nothing that a rule would report.</summary>
public sealed class SuspectsTests
{
    /// <summary>
    /// Each source of each test is a file of its own: most of what is reported in them all must still be reported.
    /// </summary>
    [Fact]
    public async Task Nothing_is_lost_in_the_sources_of_all_tests()
    {
        var trees = TestSources.All()
            .Select((source, index) => CSharpSyntaxTree.ParseText($"namespace N{index} {{\n{source.Source}", path: $"{index}.cs"))
            .ToList();
        var compilation = CSharpCompilation.Create("All", [CSharpSyntaxTree.ParseText(TestSources.Common, path: "Common.cs"),
            .. trees], Support.Platform.References, new(OutputKind.DynamicallyLinkedLibrary));

        var all = await Fixer.DiagnosticsAsync(compilation);
        var kept = await Fixer.DiagnosticsAsync(OnlySuspects.In(compilation));

        Assert.True(all.Count > 150, $"Only {all.Count} were reported.");
        Assert.Equal(Places(all), Places(kept));
    }

    [Fact]
    public void Code_that_only_works_is_left_alone()
    {
        var quiet = CSharpSyntaxTree.ParseText("class A { async Task Run() { await Step(1); } "
            + "async Task Step(int n) { await Task.Delay(n); } int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2); }");
        var loud =
            CSharpSyntaxTree.ParseText("class B { async Task Run() { await Again(); } async Task Again() { await Run(); } }");

        Assert.Equal([loud], Suspects.In([quiet, loud]));
    }

    private static IEnumerable<string> Places(IEnumerable<Diagnostic> found) =>
        found.Select(one => $"{one.Id} {one.Location.GetLineSpan()}").Order(StringComparer.Ordinal);
}
