using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Methods, local functions and lambdas, as they are written.</summary>
internal static class FunctionSyntax
{
    /// <summary>
    /// The function whose code <paramref name="call"/> is in: unnamed lambdas belong to the function around them.
    /// </summary>
    public static SyntaxNode? Around(SyntaxNode call, SemanticModel model, CancellationToken cancellationToken)
    {
        var member = call.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        var operation = call.AncestorsAndSelf().Select(node => model.GetOperation(node, cancellationToken))
            .FirstOrDefault(found => found is not null);
        if (member is null || operation is null || SymbolOf(member, model, cancellationToken) is not { } containing)
            return null;
        return Function.Around(operation, containing)
            ?.Method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
    }

    public static Function? Describe(SyntaxNode declaration, SemanticModel model, CancellationToken cancellationToken)
    {
        var member = declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (member is null || SymbolOf(member, model, cancellationToken) is not { } containing
            || BodyOf(declaration) is not { } body)
            return null;
        return model.GetOperation(body.Statements.FirstOrDefault() ?? (SyntaxNode)body, cancellationToken) is { } operation
            ? Function.Around(operation, containing)
            : null;
    }

    /// <summary>An expression for a body can only call itself over and over: there is nothing in it to repeat.</summary>
    public static BlockSyntax? BodyOf(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Body,
        LocalFunctionStatementSyntax local => local.Body,
        AnonymousFunctionExpressionSyntax lambda => lambda.Block,
        _ => null,
    };

    public static SyntaxNode WithBody(SyntaxNode declaration, BlockSyntax body) => declaration switch
    {
        MethodDeclarationSyntax method => method.WithBody(body),
        LocalFunctionStatementSyntax local => local.WithBody(body),
        AnonymousFunctionExpressionSyntax lambda => lambda.WithBody(body),
        _ => declaration,
    };

    private static ISymbol? SymbolOf(
        MemberDeclarationSyntax member, SemanticModel model, CancellationToken cancellationToken) => member switch
    {
        BaseFieldDeclarationSyntax field => model.GetDeclaredSymbol(field.Declaration.Variables[0], cancellationToken),
        GlobalStatementSyntax => null,
        _ => model.GetDeclaredSymbol(member, cancellationToken),
    };
}
