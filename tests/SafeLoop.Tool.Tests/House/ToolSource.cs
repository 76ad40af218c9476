using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.House;

/// <summary>The source of src/SafeLoop.Tool, parsed and bound, so that a rule of the house can be a test.</summary>
internal static class ToolSource
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using SafeLoop.Terminal;
        """;

    public static readonly string Root = Path.Combine(Repository.Root, "src", "SafeLoop.Tool");

    private static readonly Lazy<CSharpCompilation> Bound = new(Bind);

    public static CSharpCompilation Compilation => Bound.Value;

    public static IEnumerable<SyntaxTree> Files => Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    public static string NameOf(SyntaxTree file) => Path.GetRelativePath(Root, file.FilePath);

    public static string FolderOf(SyntaxTree file) => Path.GetDirectoryName(NameOf(file))!;

    private static CSharpCompilation Bind()
    {
        var files = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "obj" or "bin"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "SafeLoop.Tool.dll");
        return CSharpCompilation.Create(
            "SafeLoop.Tool",
            [CSharpSyntaxTree.ParseText(Usings),
                .. files.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path))],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }
}
