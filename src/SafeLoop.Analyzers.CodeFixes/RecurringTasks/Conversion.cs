using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>Makes the method the step of a recurring task, and registers it.</summary>
internal static class Conversion
{
    private static readonly SyntaxAnnotation Removed = new("SafeLoop.Removed");

    public static async Task<Solution> ApplyAsync(
        Document document, SyntaxNode root, ConversionPlan plan, CancellationToken cancellationToken)
    {
        var place = await CompositionRoot.FindAsync(document.Project.Solution, plan.Type, cancellationToken)
            .ConfigureAwait(false);
        var converted = Convert(plan);
        if (place is null)
            converted = converted.WithLeadingTrivia(plan.Class.GetLeadingTrivia()
                .Add(Comment($"// Register it: services.{plan.Registration};")).Add(LineEnd.Of(root)));
        var changed = document.WithSyntaxRoot(
            root.ReplaceNode(plan.Class, converted.WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation)));
        changed = await LineEnd.LaidOutAsync(changed, LineEnd.Of(root), cancellationToken).ConfigureAwait(false);
        return place is null
            ? changed.Project.Solution
            : await place.RegisterAsync(changed.Project.Solution, plan.Registration, cancellationToken).ConfigureAwait(false);
    }

    private static ClassDeclarationSyntax Convert(ConversionPlan plan)
    {
        var converted = plan.Class.ReplaceNodes<ClassDeclarationSyntax, SyntaxNode>(
            [plan.Method, .. plan.Starts],
            (original, _) => original == plan.Method ? Step(plan) : original.WithAdditionalAnnotations(Removed));
        converted = converted.RemoveNodes(converted.GetAnnotatedNodes(Removed), SyntaxRemoveOptions.KeepNoTrivia)!;
        return (ClassDeclarationSyntax)converted.AddBaseListTypes(
            SimpleBaseType(ParseTypeName("SafeLoop.IRecurringTask").WithAdditionalAnnotations(Simplifier.Annotation)))
            .WithIdentifier(converted.Identifier.WithTrailingTrivia(Space));
    }

    private static MethodDeclarationSyntax Step(ConversionPlan plan)
    {
        var statements = plan.Work.ToList();
        if (plan.Guard is { } guard && !plan.IsGuardStatic)
            statements.Insert(0, guard.WithStatement(Block(ParseStatement("iteration.StopLoop();"), ReturnStatement())));
        var isAsync = statements.SelectMany(statement => statement.DescendantNodes(
            node => node is not AnonymousFunctionExpressionSyntax)).Any(node => node is AwaitExpressionSyntax);
        if (!isAsync)
            statements = [.. statements.Select(statement => statement is IfStatementSyntax first && first == statements[0]
                && plan.Guard is not null && !plan.IsGuardStatic
                ? first.WithStatement(Block(ParseStatement("iteration.StopLoop();"), ParseStatement("return default;")))
                : statement), ParseStatement("return default;")];
        var token = plan.Method.ParameterList.Parameters.Count == 1
            ? plan.Method.ParameterList.Parameters[0].Identifier.Text
            : "cancellationToken";
        return plan.Method
            .WithModifiers(isAsync
                ? TokenList(Token(SyntaxKind.PublicKeyword), Token(SyntaxKind.AsyncKeyword))
                : TokenList(Token(SyntaxKind.PublicKeyword)))
            .WithReturnType(ParseTypeName("System.Threading.Tasks.ValueTask").WithAdditionalAnnotations(Simplifier.Annotation))
            .WithIdentifier(Identifier("RunAsync"))
            .WithParameterList(ParameterList(SeparatedList([Parameter("SafeLoop.Iteration", "iteration"),
                Parameter("System.Threading.CancellationToken", token)])))
            .WithBody(Block(statements))
            .WithLeadingTrivia(plan.Method.GetLeadingTrivia())
            .WithTrailingTrivia(plan.Method.GetTrailingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static ParameterSyntax Parameter(string type, string name) =>
        SyntaxFactory.Parameter(Identifier(name)).WithType(ParseTypeName(type).WithAdditionalAnnotations(Simplifier.Annotation));
}
