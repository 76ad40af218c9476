using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Lint;

/// <summary>
/// Files that declare the same type cannot be compiled together: the compiler would see one type made of both, and no
/// call in it would be clear. Each such file is compiled with those of its own folder instead.
/// </summary>
internal static class Collisions
{
    /// <returns>The files to look at, and those that are only there for what they declare.</returns>
    public static IEnumerable<(IReadOnlyList<SyntaxTree> Looked,
        IReadOnlyList<SyntaxTree> Others)> Apart(IReadOnlyList<SyntaxTree> trees)
    {
        var declared = trees.ToDictionary(tree => tree, tree => TypesIn(tree));
        var first = new List<SyntaxTree>();
        var left = new List<SyntaxTree>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in trees)
            (TryTake(declared[tree], taken) ? first : left).Add(tree);
        yield return (first, []);

        while (left.Count > 0)
        {
            var looked = new List<SyntaxTree>();
            var rest = new List<SyntaxTree>();
            taken.Clear();
            foreach (var tree in left)
                (TryTake(declared[tree], taken) ? looked : rest).Add(tree);
            var folders = looked.Select(FolderOf).ToHashSet(StringComparer.Ordinal);
            var others = first.Where(tree => folders.Contains(FolderOf(tree)) && TryTake(declared[tree], taken)).ToList();
            yield return (looked, others);
            left = rest;
        }
    }

    private static string FolderOf(SyntaxTree tree) => Path.GetDirectoryName(tree.FilePath)!;

    private static bool TryTake(IReadOnlyCollection<string> types, HashSet<string> taken)
    {
        if (types.Any(taken.Contains))
            return false;
        taken.UnionWith(types);
        return true;
    }

    /// <summary>Those that may be declared once: of partial types each part is welcome.</summary>
    private static List<string> TypesIn(SyntaxTree tree)
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        var types = new List<string>();
        if (root.Members.Any(member => member is GlobalStatementSyntax))
            types.Add("<top level statements>");
        Add(root.Members, "");
        return types;

        void Add(SyntaxList<MemberDeclarationSyntax> members, string space)
        {
            foreach (var member in members)
            {
                if (member is BaseNamespaceDeclarationSyntax inner)
                    Add(inner.Members, space + inner.Name + ".");
                else if (member is TypeDeclarationSyntax type && !type.Modifiers.Any(SyntaxKind.PartialKeyword)
                    && !type.Modifiers.Any(SyntaxKind.FileKeyword))
                    types.Add($"{space}{type.Identifier.ValueText}`{type.Arity}");
                else if (member is EnumDeclarationSyntax choice)
                    types.Add($"{space}{choice.Identifier.ValueText}`0");
            }
        }
    }
}
