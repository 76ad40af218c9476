using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// <c>return Work().ContinueWith(_ => Self()).Unwrap();</c> as an async method that awaits: the continuation runs however
/// the work ends, so what waits for it must not throw. <c>Task.WhenAny</c> of one task does that.
/// </summary>
internal static class Continuation
{
    /// <summary>Null for anything else: options, a scheduler, a continuation that looks at the task before it.</summary>
    public static SyntaxNode? Rewrite(SyntaxNode declaration, string name)
    {
        if (declaration is not MethodDeclarationSyntax { ReturnType: SimpleNameSyntax { Identifier.ValueText: "Task",
            Arity: 0 } } method || method.Modifiers.Any(SyntaxKind.AsyncKeyword))
            return null;
        var returns = method.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax
            or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().ToList();
        var last = method.Body?.Statements.LastOrDefault() as ReturnStatementSyntax;
        var value = method.ExpressionBody?.Expression ?? last?.Expression;
        if (value is null || returns.Count != (last is null ? 0 : 1) || Parts(value, name) is not var (work, call))
            return null;
        var statements = (last is null ? [] : method.Body!.Statements.Take(method.Body.Statements.Count - 1)).Concat(
        [
            ExpressionStatement(AwaitExpression(IsDelay(work) ? work : Any(work))),
            ExpressionStatement(AwaitExpression(call.WithoutTrivia())),
        ]);
        return method.WithModifiers(method.Modifiers.Add(Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(Space)))
            .WithReturnType(method.ReturnType.WithoutLeadingTrivia())
            .WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(statements))
                .WithLeadingTrivia(method.GetLeadingTrivia());
    }

    private static (ExpressionSyntax Work, ExpressionSyntax Call)? Parts(ExpressionSyntax value, string name)
    {
        if (value is not InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0,
            Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Unwrap",
            Expression: InvocationExpressionSyntax continued } }
            || continued is not { ArgumentList.Arguments: { Count: 1 } arguments,
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ContinueWith", Expression: var work } })
            return null;
        if (arguments[0].Expression is not SimpleLambdaExpressionSyntax
            {
                ExpressionBody: InvocationExpressionSyntax { Expression: IdentifierNameSyntax called } call,
                Parameter.Identifier.ValueText: var before,
            })
            return null;
        return called.Identifier.ValueText == name
            && !call.DescendantNodes().OfType<IdentifierNameSyntax>().Any(used => used.Identifier.ValueText == before)
            ? (work.WithoutTrivia(), call)
            : null;
    }

    /// <summary>A delay without a token always ends well.</summary>
    private static bool IsDelay(ExpressionSyntax work) => work is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 1,
        Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Delay",
        Expression: IdentifierNameSyntax { Identifier.ValueText: "Task" } } };

    private static InvocationExpressionSyntax Any(ExpressionSyntax work) =>
        InvocationExpression(ParseExpression("System.Threading.Tasks.Task.WhenAny")
        .WithAdditionalAnnotations(Simplifier.Annotation))
        .WithArgumentList(ArgumentList(SingletonSeparatedList(Argument(work))));
}
