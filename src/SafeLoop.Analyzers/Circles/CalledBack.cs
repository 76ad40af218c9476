using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>
/// The call that leads from a method back to the one that calls it, known by the declaration alone: that may stand in
/// a base class and in another file.
/// </summary>
internal sealed class CalledBack
{
    private readonly SyntaxNode _declaration;
    private readonly InvocationExpressionSyntax _call;

    private CalledBack(SyntaxNode declaration, InvocationExpressionSyntax call)
    {
        _declaration = declaration;
        _call = call;
    }

    public bool HasDelay => _declaration.DescendantNodes().Any(node =>
        node is InvocationExpressionSyntax { Expression: var called } && NameOf(called) is { } name
        && (name.Contains("Delay") || name.Contains("Sleep")));

    /// <summary>Not in a loop and under no condition but a flag or a handler, so that it is called again and again.</summary>
    public bool Repeats => !Around.Any(node => node is ForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax
        or DoStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    public bool HasLimit => Counting.Compares(_declaration);

    public bool IsAwaited
    {
        get
        {
            SyntaxNode value = _call;
            while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" }
                or InvocationExpressionSyntax or ParenthesizedExpressionSyntax)
                value = value.Parent;
            return value.Parent is AwaitExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax;
        }
    }

    /// <summary>Nothing is handed on but what came in, constants and members: no argument that leads somewhere.</summary>
    public bool HandsOnTheSame => _call.ArgumentList.Arguments.All(argument => argument.Expression is IdentifierNameSyntax
        or LiteralExpressionSyntax or ThisExpressionSyntax || !argument.Expression.DescendantNodes()
        .OfType<IdentifierNameSyntax>().Any(IsOwnVariable))
        && !_call.ArgumentList.Arguments.Any(argument => argument.Expression is IdentifierNameSyntax name && IsLocal(name));

    private IEnumerable<SyntaxNode> Around => _call.Ancestors().TakeWhile(node => node != _declaration);

    /// <summary>Null unless the method has code here that calls the other one once, on its own object.</summary>
    public static CalledBack? From(IMethodSymbol method, string to)
    {
        if (method.DeclaringSyntaxReferences.LastOrDefault()?.GetSyntax() is not MethodDeclarationSyntax declaration)
            return null;
        var calls = declaration.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => IsOwn(call.Expression) && NameOf(call.Expression) == to).Take(2).ToList();
        return calls.Count == 1 ? new(declaration, calls[0]) : null;
    }

    private bool IsOwnVariable(IdentifierNameSyntax name) => IsLocal(name)
        || ((MethodDeclarationSyntax)_declaration).ParameterList.Parameters
        .Any(parameter => parameter.Identifier.Text == name.Identifier.Text);

    private bool IsLocal(IdentifierNameSyntax name) => _declaration.DescendantNodes().Any(node => node switch
    {
        VariableDeclaratorSyntax local => local.Identifier.Text == name.Identifier.Text,
        SingleVariableDesignationSyntax local => local.Identifier.Text == name.Identifier.Text,
        ForEachStatementSyntax local => local.Identifier.Text == name.Identifier.Text,
        _ => false,
    });

    private static bool IsOwn(ExpressionSyntax called) => called is SimpleNameSyntax
        or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };

    private static string? NameOf(ExpressionSyntax called) => called switch
    {
        SimpleNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        _ => null,
    };
}
