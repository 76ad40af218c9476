using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Where a loop would not do what the calls do.</summary>
internal static class Obstacles
{
    public static bool InWay(Function function, SyntaxNode declaration, SyntaxNode body, SemanticModel model) =>
        !(function.Method.IsAsync || function.IsIterator)
        || CanBeOverridden(function.Method)
        || CanBeReplaced(function, declaration, model)
        || body.DescendantTrivia().Any(trivia => trivia.IsDirective && !trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia)
            && !trivia.IsKind(SyntaxKind.NullableDirectiveTrivia));

    public static bool InWay(LoopPlan plan, SemanticModel model)
    {
        if (model.AnalyzeDataFlow(plan.Body) is not { Succeeded: true } flow)
            return true;
        return Captures(flow, plan.Calls.SelectMany(call => call.Changes).Select(change => change.Parameter))
            || plan.Calls.Any(call => JumpsOverUsing(call.Statement, plan.Body) || HandsOnWhatIsCleanedUp(call, plan, flow, model)
                || IsHandledByEarlierCalls(call, plan, model));
    }

    /// <summary>
    /// In a loop all iterations share the parameters; a lambda made in one would see what the next one does to them.
    /// </summary>
    public static bool Captures(DataFlowAnalysis flow, IEnumerable<IParameterSymbol> changed) =>
        changed.Concat(flow.WrittenInside.OfType<IParameterSymbol>())
            .Any(parameter => flow.Captured.Contains(parameter, SymbolEqualityComparer.Default));

    public static bool IsInInnerLoop(StatementSyntax call, SyntaxNode body) =>
        call.Ancestors().TakeWhile(node => node != body)
            .Any(node => node is CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax);

    /// <summary>To leave an inner loop takes a goto, which must not enter the scope of a using declaration.</summary>
    private static bool JumpsOverUsing(StatementSyntax call, BlockSyntax body) =>
        IsInInnerLoop(call, body)
        && body.Statements.SkipWhile(statement => !statement.Span.Contains(call.Span)).Any(Surroundings.IsUsing);

    /// <summary>
    /// What the next iteration gets was still open for it; a loop closes it before. A linked token too is dead by then.
    /// </summary>
    private static bool HandsOnWhatIsCleanedUp(SelfCall call, LoopPlan plan, DataFlowAnalysis flow, SemanticModel model) =>
        Surroundings.CleansUp(call.Statement, plan.Body, model)
        && (call.Changes.Any(change => change.Value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Any(name => model.GetSymbolInfo(name).Symbol is ILocalSymbol { IsConst: false }))
            || flow.WrittenInside.OfType<IParameterSymbol>().Any(parameter => parameter.Type.SpecialType == SpecialType.None));

    /// <summary>
    /// What is thrown behind the handlers, or let through by a filter that looks at more than the exception, met the handlers of
    /// the calls before. In a loop there are none.
    /// </summary>
    private static bool IsHandledByEarlierCalls(SelfCall call, LoopPlan plan, SemanticModel model)
    {
        var handled = Surroundings.HandlingOf(call.Statement, plan.Body).ToList();
        return handled.Count > 0
            && (handled.SelectMany(one => one.Catches).Any(handler => handler.Filter is { } filter
                && !LooksOnlyAtException(filter, model)) || !handled.TrueForAll(one => NothingThrowsBehind(one, plan.Body)));
    }

    private static bool LooksOnlyAtException(CatchFilterClauseSyntax filter, SemanticModel model) =>
        filter.FilterExpression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().All(name =>
            name.Parent is MemberAccessExpressionSyntax member && member.Name == name
                && member.Expression is not ThisExpressionSyntax
            || model.GetSymbolInfo(name).Symbol is INamespaceOrTypeSymbol or IFieldSymbol { IsConst: true }
                or IParameterSymbol { Type.Name: "CancellationToken" }
            || (model.GetSymbolInfo(name).Symbol is ILocalSymbol local
                && filter.Parent!.Span.Contains(local.Locations[0].SourceSpan))
            || name.FirstAncestorOrSelf<SubpatternSyntax>() is { NameColon.Name: var part } && part == name);

    private static bool NothingThrowsBehind(SyntaxNode statement, SyntaxNode body)
    {
        for (var node = statement; node != body && node.Parent is { } parent; node = parent)
        {
            if (parent is BlockSyntax block && !block.Statements.SkipWhile(one => one != node).Skip(1).All(IsPlain))
                return false;
            if (parent is SwitchSectionSyntax section && !section.Statements.SkipWhile(one => one != node).Skip(1).All(IsPlain))
                return false;
            if (parent is CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax)
                return false;
        }

        return true;
    }

    private static bool IsPlain(StatementSyntax statement) =>
        statement is EmptyStatementSyntax or LocalFunctionStatementSyntax or BreakStatementSyntax
        || (statement is ReturnStatementSyntax { Expression: var value }
            && value is null or LiteralExpressionSyntax or IdentifierNameSyntax or DefaultExpressionSyntax
                or PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax });

    /// <summary>Each call finds the override anew, a loop stays in this body.</summary>
    private static bool CanBeOverridden(IMethodSymbol method) =>
        (method.IsVirtual || method.IsAbstract || (method.IsOverride && !method.IsSealed)) && !method.ContainingType.IsSealed;

    /// <summary>A lambda calls whatever its variable holds by then.</summary>
    private static bool CanBeReplaced(Function function, SyntaxNode declaration, SemanticModel model) => function.Name switch
    {
        IFieldSymbol field =>
            !field.IsReadOnly || Assignments(field, declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>(), model) != 1,
        ILocalSymbol local => Assignments(local, declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>(), model) != 1,
        IPropertySymbol => true,
        _ => false,
    };

    private static int Assignments(ISymbol variable, SyntaxNode? scope, SemanticModel model)
    {
        if (scope is null || (scope is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword)))
            return 0;
        var count = 0;
        foreach (var node in scope.DescendantNodes())
        {
            count += node switch
            {
                AssignmentExpressionSyntax { Left: TupleExpressionSyntax targets } => targets.DescendantNodes().Count(Names) * 2,
                AssignmentExpressionSyntax assignment when Names(assignment.Left) => 1,
                VariableDeclaratorSyntax { Initializer.Value: { } value } declarator
                    when SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(declarator), variable)
                        && !IsNothing(value) => 1,
                ArgumentSyntax argument when !argument.RefKindKeyword.IsKind(SyntaxKind.None) && Names(argument.Expression) => 2,
                _ => 0,
            };
        }

        return count;

        bool Names(SyntaxNode node) =>
            node is IdentifierNameSyntax or MemberAccessExpressionSyntax
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(node).Symbol, variable);
    }

    private static bool IsNothing(ExpressionSyntax value) => value switch
    {
        PostfixUnaryExpressionSyntax forgiven => IsNothing(forgiven.Operand),
        _ => value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression),
    };
}
