using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SafeLoop.Analyzers.Loops;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>
/// A private method that does one thing over and over with the same pause: an optional <c>if (done) return;</c>, work, one constant
/// delay, and the call to itself at the end. Null for anything else.
/// </summary>
internal sealed class ConversionPlan
{
    public ClassDeclarationSyntax Class { get; private set; } = null!;

    public MethodDeclarationSyntax Method { get; private set; } = null!;

    public INamedTypeSymbol Type { get; private set; } = null!;

    /// <summary>The condition that ended it.</summary>
    public IfStatementSyntax? Guard { get; private set; }

    /// <summary>The guard looks at nothing of the object: it can stand where the task is registered.</summary>
    public bool IsGuardStatic { get; private set; }

    public ExpressionSyntax Delay { get; private set; } = null!;

    /// <summary>It waited before it worked.</summary>
    public bool WaitsFirst { get; private set; }

    /// <summary>What is left: the step.</summary>
    public IReadOnlyList<StatementSyntax> Work { get; private set; } = [];

    /// <summary>Statements elsewhere in the class that started it; the host does that now.</summary>
    public IReadOnlyList<StatementSyntax> Starts { get; private set; } = [];

    public string Title => "Convert to a recurring task" + ConversionDifferences.Of(this) switch { "" => "", var difference => $" ({difference})" };

    /// <summary>As a singleton: it was one object, whose fields lived as long as the loop.</summary>
    public string Registration =>
        $"AddRecurringTask<{Type.ToDisplayString()}>().WithDelay({Duration}).AsSingleton()"
        + (WaitsFirst ? $".StartAfter({Duration})" : "")
        + (Guard is not null && IsGuardStatic ? $".While(() => {Condition.Not(Guard.Condition.WithoutTrivia()).NormalizeWhitespace()})" : "");

    private string Duration { get; set; } = "";

    public static ConversionPlan? Of(SyntaxNode declaration, SyntaxNode call, SemanticModel model, CancellationToken cancellationToken)
    {
        if (declaration is not MethodDeclarationSyntax { Body: { } body, Parent: ClassDeclarationSyntax type } method || model.GetDeclaredSymbol(method, cancellationToken) is not { } symbol)
            return null;
        if (!IsPlain(symbol) || type.Modifiers.Any(SyntaxKind.PartialKeyword) || symbol.ContainingType.GetMembers("RunAsync").Length > 0)
            return null;
        var plan = new ConversionPlan { Class = type, Method = method, Type = symbol.ContainingType };
        return plan.ReadBody(body, call, model) && plan.ReadStarts(symbol, model) ? plan : null;
    }

    private static bool IsPlain(IMethodSymbol method) =>
        method is { IsAsync: true, IsStatic: false, IsGenericMethod: false, DeclaredAccessibility: Accessibility.Private, ContainingType: { IsGenericType: false, IsStatic: false } }
        && method.ReturnType is { SpecialType: SpecialType.System_Void } or INamedTypeSymbol { IsGenericType: false, Name: "Task" or "ValueTask" }
        && method.Parameters.All(parameter => parameter.Type.Name == "CancellationToken") && method.Parameters.Length <= 1;

    private bool ReadBody(BlockSyntax body, SyntaxNode call, SemanticModel model)
    {
        var statements = body.Statements.ToList();
        if (statements.Count < 2 || statements[statements.Count - 1] is not ExpressionStatementSyntax last || !last.Span.Contains(call.Span) || last.DescendantNodes().OfType<InvocationExpressionSyntax>().Count(IsNoConfigureAwait) != 1)
            return false;
        statements.RemoveAt(statements.Count - 1);
        if (statements[0] is IfStatementSyntax { Else: null } guard && IsBareReturn(guard.Statement))
        {
            Guard = guard;
            IsGuardStatic = IsStatic(guard.Condition, model);
            statements.RemoveAt(0);
        }

        if (statements.Count < 2 || !TakeDelay(statements, model))
            return false;
        Work = statements;
        // Another return would end one iteration here, and ended the loop there.
        return !statements.SelectMany(statement => statement.DescendantNodesAndSelf(node => node is not AnonymousFunctionExpressionSyntax)).Any(node => node is ReturnStatementSyntax)
            && statements.All(statement => statement is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword });
    }

    private bool TakeDelay(List<StatementSyntax> statements, SemanticModel model)
    {
        var delays = statements.Where(statement => DelayOf(statement) is not null).ToList();
        if (delays.Count != 1 || statements.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>().Count(name => name.Identifier.Text == "Delay") != 1)
            return false;
        WaitsFirst = delays[0] == statements[0];
        if (!WaitsFirst && delays[0] != statements[statements.Count - 1])
            return false;
        Delay = DelayOf(delays[0])!;
        if (!IsStatic(Delay, model))
            return false;
        Duration = model.GetTypeInfo(Delay).Type?.SpecialType == SpecialType.System_Int32 ? $"System.TimeSpan.FromMilliseconds({Delay})" : Delay.WithoutTrivia().ToString().Replace("TimeSpan.", "System.TimeSpan.").Replace("System.System.", "System.");
        return statements.Remove(delays[0]);
    }

    private bool ReadStarts(IMethodSymbol method, SemanticModel model)
    {
        var starts = new List<StatementSyntax>();
        foreach (var name in Class.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.Text == method.Name && !Method.Span.Contains(name.Span)))
        {
            if (!SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, method))
                continue;
            if (name.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Parent: BlockSyntax } start || start.DescendantNodes().OfType<InvocationExpressionSyntax>().Count(IsNoConfigureAwait) != 1)
                return false;
            // Without its only await, the method around it would have to change too.
            if (start.DescendantNodes().Any(node => node is AwaitExpressionSyntax))
                return false;
            starts.Add(start);
        }

        Starts = starts;
        return true;
    }

    private static ExpressionSyntax? DelayOf(StatementSyntax statement)
    {
        if (statement is not ExpressionStatementSyntax { Expression: AwaitExpressionSyntax { Expression: InvocationExpressionSyntax wait } })
            return null;
        if (!IsNoConfigureAwait(wait))
            wait = ((MemberAccessExpressionSyntax)wait.Expression).Expression as InvocationExpressionSyntax ?? wait;
        return wait is { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Delay", Expression: IdentifierNameSyntax { Identifier.Text: "Task" } }, ArgumentList.Arguments: { Count: > 0 } arguments } ? arguments[0].Expression : null;
    }

    /// <summary>Nothing of the object, the method or the iteration in it.</summary>
    private static bool IsStatic(ExpressionSyntax expression, SemanticModel model) =>
        expression.DescendantNodesAndSelf().All(node => node is not (ThisExpressionSyntax or BaseExpressionSyntax)
            && (node is not SimpleNameSyntax name || node.Parent is MemberAccessExpressionSyntax member && member.Name == node && member.Expression is not SimpleNameSyntax
                || model.GetSymbolInfo(name).Symbol is INamespaceOrTypeSymbol or { IsStatic: true, DeclaredAccessibility: not Accessibility.Private }));

    private static bool IsBareReturn(StatementSyntax statement) =>
        (statement is BlockSyntax { Statements: { Count: 1 } only } ? only[0] : statement) is ReturnStatementSyntax { Expression: null };

    private static bool IsNoConfigureAwait(InvocationExpressionSyntax call) => call.Expression is not MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" };
}
