using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.House;

/// <summary>The rules of the house that make sense for a tool.</summary>
public partial class HouseTests
{
    private const int MostLines = 175;

    /// <summary>A parser that throws whatever it likes, and readers that do.</summary>
    private static readonly string[] BroadCatches = ["DumpHeap.Read", "EventSession.Process", "WatchSession.Run"];

    /// <summary>They follow what a type or an IL stream nests, which is a handful; heaps nest by the million.</summary>
    private static readonly string[] MayRecur = ["TypeNames.Append"];

    [Fact]
    public void The_rules_see_the_real_source()
    {
        // Generated code (JSON contracts, calls of the system) is not in the tree.
        var generated = ToolSource.Files.Where(file => file.ToString()
            .Contains(": JsonSerializerContext", StringComparison.Ordinal)).ToArray();
        var errors = ToolSource.Compilation.GetDiagnostics()
            .Where(found => found.Severity is DiagnosticSeverity.Error && found.Id != "CS8795"
                && found.Location.SourceTree is { } file && !generated.Contains(file)
                && !found.GetMessage().Contains("JsonReport", StringComparison.Ordinal)
                && !found.GetMessage().Contains("JsonLine", StringComparison.Ordinal));

        Assert.Empty(errors.Select(error => error.ToString()));
        Assert.Contains(ToolSource.Files, file => ToolSource.NameOf(file) == Path.Combine("Chains", "ChainFinder.cs"));
    }

    [Fact]
    public void A_file_has_exactly_one_type_and_is_named_after_it()
    {
        foreach (var file in ToolSource.Files.Where(file => ToolSource.NameOf(file) != "Program.cs"))
        {
            var types = file.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>()
                .Where(node => node.Parent is BaseNamespaceDeclarationSyntax)
                .Select(node => node is DelegateDeclarationSyntax declared
                    ? declared.Identifier.Text
                    : ((BaseTypeDeclarationSyntax)node).Identifier.Text);

            Assert.Equal([Path.GetFileNameWithoutExtension(file.FilePath).Split('{')[0]], types);
        }
    }

    [Fact]
    public void A_file_is_one_idea_and_not_long()
    {
        Assert.Empty(ToolSource.Files.Where(file => file.GetText().Lines.Count > MostLines).Select(ToolSource.NameOf));
    }

    [Fact]
    public void A_tool_has_no_public_types()
    {
        var types = ToolSource.Files.SelectMany(file => file.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>());

        Assert.Empty(types.Where(type => type.Modifiers.Any(SyntaxKind.PublicKeyword)
            && type.Parent is BaseNamespaceDeclarationSyntax).Select(type => type.Identifier.Text));
    }

    [Fact]
    public void Broad_catches_are_only_where_they_belong_and_say_why()
    {
        var found = Nodes<CatchClauseSyntax>()
            .Where(one => one.Declaration?.Type.ToString() is null or "Exception" or "System.Exception")
            .Where(one => one.Filter is null || one.Filter.ToString().Contains("is not", StringComparison.Ordinal))
            .ToArray();

        Assert.Equal(BroadCatches, found.Select(PlaceOf).Order(StringComparer.Ordinal));
        Assert.All(found, one => Assert.Contains(one.Block.DescendantTrivia(),
            trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().Length > 20));
    }

    [Fact]
    public void What_is_thrown_is_a_sentence_with_an_exit_code()
    {
        var thrown = Nodes<SyntaxNode>()
            .Select(node => node switch
            {
                ThrowStatementSyntax statement => statement.Expression,
                ThrowExpressionSyntax expression => expression.Expression,
                _ => null
            })
            .OfType<ObjectCreationExpressionSyntax>()
            .Select(created => created.Type.ToString())
            .Distinct();

        // A rule's fault becomes one with its caret; a stream that only writes cannot read.
        Assert.Equal(["NotSupportedException", "RuleException", "ToolException"], thrown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ten_million_frames_overflow_no_stack_no_method_calls_itself()
    {
        var recursive = from call in Nodes<InvocationExpressionSyntax>()
                        let folder = ToolSource.FolderOf(call.SyntaxTree)
                        where folder is "Chains" or "Graph" or "Owners" or "Capture"
                        let called = ToolSource.Compilation.GetSemanticModel(call.SyntaxTree).GetSymbolInfo(call).Symbol
                        let within = call.Ancestors()
                            .FirstOrDefault(node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
                        where called is not null && within is not null
                        where SymbolEqualityComparer.Default.Equals(called.OriginalDefinition,
                            ToolSource.Compilation.GetSemanticModel(call.SyntaxTree).GetDeclaredSymbol(within))
                        select PlaceOf(call);

        Assert.Empty(recursive.Distinct().Except(MayRecur));
    }

    [Fact]
    public void Nothing_speaks_of_the_machine_it_was_written_on()
    {
        string[] folders = ["src/SafeLoop.Tool", "tests/SafeLoop.Tool.Tests", "tests/SafeLoop.Tool.Targets",
            "tests/SafeLoop.Tool.Targets.Older", "benchmarks/diagnosis"];
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*",
            SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".cs" or ".csproj" or ".sh" or ".md")
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Append(Path.Combine(Repository.Root, "docs", "diagnosing-leaks.md"))
            .ToArray();

        Assert.True(files.Length > 100);
        Assert.DoesNotContain(files, path => PathOfAMachine().IsMatch(File.ReadAllText(path)));
    }

    [GeneratedRegex(@"[""'\s(]/(work|home|root|Users)/[a-z]")]
    private static partial Regex PathOfAMachine();

    private static IEnumerable<TNode> Nodes<TNode>() where TNode : SyntaxNode =>
        ToolSource.Files.SelectMany(file => file.GetRoot().DescendantNodes().OfType<TNode>());

    private static string PlaceOf(SyntaxNode node)
    {
        var type = node.Ancestors().OfType<TypeDeclarationSyntax>().First();
        var method = node.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault();
        return $"{type.Identifier.Text}.{method?.Identifier.Text}";
    }
}
