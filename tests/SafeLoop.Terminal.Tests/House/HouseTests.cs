using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Terminal.Tests.House;

/// <summary>The rules of the house for the verbs and for the tool of the store.</summary>
public class HouseTests
{
    private const int MostLines = 200;

    private static readonly SyntaxTree[] Files =
    [
        .. new[] { "SafeLoop.Terminal", "SafeLoop.Store.Tool" }
            .SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(Root.Folder, "src", folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path)),
    ];

    [Fact]
    public void A_file_has_exactly_one_type_is_named_after_it_and_not_long()
    {
        Assert.True(Files.Length > 30);
        foreach (var file in Files.Where(file => Path.GetFileName(file.FilePath) != "Program.cs"))
        {
            var types = Nodes<BaseTypeDeclarationSyntax>(file).Where(type => type.Parent is BaseNamespaceDeclarationSyntax)
                .ToArray();

            Assert.Equal([Path.GetFileNameWithoutExtension(file.FilePath)], types.Select(type => type.Identifier.Text));
            Assert.DoesNotContain(types, type => type.Modifiers.Any(SyntaxKind.PublicKeyword));
            Assert.True(file.GetText().Lines.Count <= MostLines, file.FilePath);
        }
    }

    [Fact]
    public void What_is_thrown_is_a_sentence_with_an_exit_code()
    {
        var thrown = Files.SelectMany(Nodes<ObjectCreationExpressionSyntax>)
            .Where(created => created.Parent is ThrowStatementSyntax or ThrowExpressionSyntax)
            .Select(created => created.Type.ToString());

        Assert.Equal("ToolException", Assert.Single(thrown.Distinct()));
    }

    [Fact]
    public void Only_the_runner_of_commands_catches_everything()
    {
        var broad = Files.SelectMany(Nodes<CatchClauseSyntax>)
            .Where(one => one.Declaration?.Type.ToString() is null or "Exception")
            .Where(one => one.Filter is null || one.Filter.ToString().Contains("is not", StringComparison.Ordinal));

        Assert.Equal("CommandRunner.cs", Path.GetFileName(Assert.Single(broad).SyntaxTree.FilePath));
    }

    private static IEnumerable<T> Nodes<T>(SyntaxTree file) where T : SyntaxNode => file.GetRoot().DescendantNodes().OfType<T>();
}
