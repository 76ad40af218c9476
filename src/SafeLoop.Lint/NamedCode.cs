using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Lint;

/// <summary>Code with a name to call it by, and the names it mentions.</summary>
/// <param name="Tree">The file.</param>
/// <param name="Type">The simple name of the type around it: parts of a type in several files have it in common.</param>
/// <param name="Name">A method, a local function, a variable that holds a lambda, an event that has a handler.</param>
/// <param name="Mentions">All names in it, called or not.</param>
/// <param name="IsOverride">Whether a base class calls it.</param>
internal sealed record NamedCode(SyntaxTree Tree, string Type, string Name, HashSet<string> Mentions, bool IsOverride)
{
    private static readonly string[] Later = ["Task", "ValueTask", "UniTask", "ThreadPool", "StartCoroutine", "ContinueWith",
        "StartTimer", "CreateTimer", "Timer", "Thread", "IEnumerator", "IEnumerable", "IAsyncEnumerable"];

    /// <summary>Asynchronous, a sequence, or one that hands a delegate to something: others end in a stack overflow.</summary>
    public bool CanRepeat { get; private init; }

    public static List<NamedCode> In(SyntaxTree tree)
    {
        var found = new List<NamedCode>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (NameOf(node) is not { } name)
                continue;
            var names = new HashSet<string>(StringComparer.Ordinal);
            var canRepeat = false;
            foreach (var token in node.DescendantTokens())
            {
                if (token.IsKind(SyntaxKind.IdentifierToken) && token.Parent != node)
                    names.Add(token.ValueText);
                canRepeat |= token.IsKind(SyntaxKind.AsyncKeyword) || token.IsKind(SyntaxKind.YieldKeyword)
                    || token.Parent is AnonymousFunctionExpressionSyntax;
            }

            var isOverride = node is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.OverrideKeyword);
            found.Add(new(tree, TypeAround(node), name, names, isOverride) { CanRepeat = canRepeat
                || Later.Any(names.Contains) });
        }

        return found;
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax local => local.Identifier.ValueText,
        VariableDeclaratorSyntax { Initializer.Value: { } value } variable when HasLambda(value) => variable.Identifier.ValueText,
        PropertyDeclarationSyntax { Initializer.Value: { } value } property when HasLambda(value) =>
            property.Identifier.ValueText,
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression, Left: var source } => Last(source),
        AssignmentExpressionSyntax { Left: var target, Right: var value } when HasLambda(value) => Last(target),
        _ => null,
    };

    private static bool HasLambda(ExpressionSyntax value) =>
        value.DescendantNodesAndSelf().Any(node => node is AnonymousFunctionExpressionSyntax);

    private static string? Last(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        _ => null,
    };

    private static string TypeAround(SyntaxNode node) => node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText
        ?? "";
}
