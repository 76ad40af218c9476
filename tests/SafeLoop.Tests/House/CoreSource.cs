using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>The source of src/SafeLoop, parsed and bound, so that a rule of the house can be a test.</summary>
internal static class CoreSource
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // What the JSON source generator writes, as far as the core names it.
    private const string Generated = """
        namespace SafeLoop;

        partial class SnapshotJsonContext() : System.Text.Json.Serialization.JsonSerializerContext(null)
        {
            protected override System.Text.Json.JsonSerializerOptions? GeneratedSerializerOptions => null;

            public override System.Text.Json.Serialization.Metadata.JsonTypeInfo? GetTypeInfo(Type type) => null;
        }
        """;

    public static readonly string Root = Path.Combine(FindRepository(), "src", "SafeLoop");

    private static readonly Lazy<CSharpCompilation> Bound = new(Bind);

    public static CSharpCompilation Compilation => Bound.Value;

    // One of a file for all rules: the next rule finds bound what this one has bound.
    private static readonly ConcurrentDictionary<SyntaxTree, SemanticModel> Models = new();

    public static SemanticModel ModelOf(SyntaxTree file) => Models.GetOrAdd(file, tree => Compilation.GetSemanticModel(tree));

    public static IEnumerable<SyntaxTree> Files => Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    /// <summary>
    /// The folder of a file within the core; "" for the nouns: the public ones at the root, the others in Nouns.
    /// </summary>
    public static string FolderOf(SyntaxTree file) =>
        Path.GetDirectoryName(NameOf(file)) is { } folder and not "Nouns" ? folder : "";

    /// <summary>The folders that declare a type. The parts of it that are generated have none.</summary>
    public static IEnumerable<string> FoldersOf(ISymbol type) => type.DeclaringSyntaxReferences
        .Where(reference => reference.SyntaxTree.FilePath.Length > 0)
        .Select(reference => FolderOf(reference.SyntaxTree));

    public static string NameOf(SyntaxTree file) => Path.GetRelativePath(Root, file.FilePath);

    public static IEnumerable<BaseTypeDeclarationSyntax> TypesOf(SyntaxTree file) => TopLevel<BaseTypeDeclarationSyntax>(file);

    public static IEnumerable<DelegateDeclarationSyntax> DelegatesOf(SyntaxTree file) =>
        TopLevel<DelegateDeclarationSyntax>(file);

    /// <summary>All types of the core that others can see.</summary>
    public static IEnumerable<INamedTypeSymbol> PublicTypes =>
        from file in Files
        from node in file.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        let type = ModelOf(file).GetDeclaredSymbol(node)
        where type.DeclaredAccessibility is Accessibility.Public && type.ContainingType is null
        select type;

    private static IEnumerable<TNode> TopLevel<TNode>(SyntaxTree file) where TNode : SyntaxNode =>
        file.GetRoot().DescendantNodes().OfType<TNode>()
            .Where(node => node.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax);

    private static CSharpCompilation Bind()
    {
        var files = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "obj" or "bin"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "SafeLoop.dll");
        return CSharpCompilation.Create(
            "SafeLoop",
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(Generated),
                .. files.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path))],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SafeLoop.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("SafeLoop.sln was not found above the tests.");
        return folder;
    }
}
