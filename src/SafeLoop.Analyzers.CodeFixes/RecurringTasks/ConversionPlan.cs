using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SafeLoop.Analyzers.Loops;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>
/// A private method that does one thing over and over with the same pause: an optional <c>if (done) return;</c>, work, one
/// constant delay, and the call to itself at the end. Null for anything else.
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

    public string Title =>
        "Convert to a recurring task" + ConversionDifferences.Of(this) switch { "" => "", var difference => $" ({difference})" };

    /// <summary>As a singleton: it was one object, whose fields lived as long as the loop.</summary>
    public string Registration =>
        $"AddRecurringTask<{Type.ToDisplayString()}>().WithDelay({Duration}).AsSingleton()"
        + (WaitsFirst ? $".StartAfter({Duration})" : "")
        + (Guard is not null && IsGuardStatic ? $".While(() => {Ends})" : "");

    /// <summary>It was started with a token, whose owner could stop it.</summary>
    public bool LosesToken => Starts.Count > 0 && Method.ParameterList.Parameters.Count > 0;

    private string Duration { get; set; } = "";

    private string Ends { get; set; } = "";

    public static ConversionPlan? Of(
        SyntaxNode declaration, SyntaxNode call, SemanticModel model, CancellationToken cancellationToken)
    {
        if (declaration is not MethodDeclarationSyntax { Body: { } body, Parent: ClassDeclarationSyntax type } method
            || model.GetDeclaredSymbol(method, cancellationToken) is not { } symbol)
            return null;
        if (!IsPlain(symbol) || type.Modifiers.Any(SyntaxKind.PartialKeyword)
            || symbol.ContainingType.GetMembers("RunAsync").Length > 0 || method.AttributeLists.Count > 0)
            return null;
        if (body.DescendantTrivia().Any(trivia => trivia.IsDirective) || NamesOf(symbol, body).Count() != 1
            || UsesNameOfStep(method))
            return null;
        var plan = new ConversionPlan { Class = type, Method = method, Type = symbol.ContainingType };
        return plan.ReadBody(body, call, model) && plan.ReadStarts(symbol, model) ? plan : null;
    }

    private static bool IsPlain(IMethodSymbol method) =>
        method is { IsAsync: true, IsStatic: false, IsGenericMethod: false, DeclaredAccessibility: Accessibility.Private,
            ExplicitInterfaceImplementations.IsEmpty: true,
            ContainingType: { IsGenericType: false, IsStatic: false, IsAbstract: false } }
        && method.ReturnType is { SpecialType: SpecialType.System_Void }
            or INamedTypeSymbol { IsGenericType: false, Name: "Task" or "ValueTask" }
        && method.Parameters.All(parameter => parameter.Type.Name == "CancellationToken") && method.Parameters.Length <= 1;

    private bool ReadBody(BlockSyntax body, SyntaxNode call, SemanticModel model)
    {
        var statements = body.Statements.ToList();
        if (statements.Count < 2 || statements[statements.Count - 1] is not ExpressionStatementSyntax last
            || CallIn(last.Expression is AwaitExpressionSyntax wait ? wait.Expression : last.Expression) != call
            || !PassesOn(call))
            return false;
        statements.RemoveAt(statements.Count - 1);
        if (statements[0] is IfStatementSyntax { Else: null } guard && IsBareReturn(guard.Statement))
        {
            Guard = guard;
            IsGuardStatic = Elsewhere.CanStand(guard.Condition, model);
            if (IsGuardStatic)
                Ends = Condition.Not(Elsewhere.Qualified(guard.Condition, model)).NormalizeWhitespace().ToString();
            statements.RemoveAt(0);
        }

        if (statements.Count < 2 || !TakeDelay(statements, model))
            return false;
        Work = statements;
        // Another return would end one iteration here, and ended the loop there.
        return !statements.SelectMany(statement => statement.DescendantNodesAndSelf(
            node => node is not AnonymousFunctionExpressionSyntax)).Any(node => node is ReturnStatementSyntax)
            && statements.All(statement =>
                statement is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword });
    }

    private bool TakeDelay(List<StatementSyntax> statements, SemanticModel model)
    {
        var delays = statements.Where(statement => DelayOf(statement) is not null).ToList();
        if (delays.Count != 1 || statements.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Count(name => name.Identifier.Text == "Delay") != 1)
            return false;
        WaitsFirst = delays[0] == statements[0];
        if (!WaitsFirst && delays[0] != statements[statements.Count - 1])
            return false;
        Delay = DelayOf(delays[0])!;
        if (!Elsewhere.CanStand(Delay, model) || Delay.ToString().Contains("Infinite")
            || model.GetConstantValue(Delay).Value is <= 0)
            return false;
        var pause = Elsewhere.Qualified(Delay, model);
        Duration = model.GetTypeInfo(Delay).Type?.SpecialType == SpecialType.System_Int32
            ? $"System.TimeSpan.FromMilliseconds({pause})"
            : pause.ToString();
        return statements.Remove(delays[0]);
    }

    private bool ReadStarts(IMethodSymbol method, SemanticModel model)
    {
        if (Class.DescendantTrivia()
            .Any(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia) && trivia.ToString().Contains(method.Name)))
            return false;
        var starts = new List<StatementSyntax>();
        foreach (var name in NamesOf(method, Class).Where(name => !Method.Span.Contains(name.Span)))
        {
            var found = model.GetSymbolInfo(name);
            if (!SymbolEqualityComparer.Default.Equals(found.Symbol ?? found.CandidateSymbols.FirstOrDefault(), method))
                continue;
            // The host cannot replace a start that depends on a condition, or whose task is stored.
            if (name.FirstAncestorOrSelf<StatementSyntax>()
                is not ExpressionStatementSyntax { Parent: BlockSyntax { Parent: BaseMethodDeclarationSyntax } } start
                || start.ContainsDirectives)
                return false;
            if (CallIn(start.Expression) is not { } call || !call.Expression.Span.Contains(name.Span) || !IsOnThis(call))
                return false;
            if (call.ArgumentList.Arguments.Any(argument => argument.DescendantNodes()
                .Any(node => node is InvocationExpressionSyntax or AssignmentExpressionSyntax)))
                return false;
            starts.Add(start);
        }

        Starts = starts;
        return true;
    }

    private ExpressionSyntax? DelayOf(StatementSyntax statement)
    {
        if (statement is not ExpressionStatementSyntax { Expression: AwaitExpressionSyntax { Expression: var awaited } }
            || CallIn(awaited) is not { } wait)
            return null;
        if (wait is not { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Delay",
            Expression: IdentifierNameSyntax { Identifier.Text: "Task" } }, ArgumentList.Arguments: { Count: 1 or 2 } arguments })
            return null;
        // Another token or clock than the runner's would be lost.
        return arguments.Count == 1 || IsOwnToken(arguments[1]) ? arguments[0].Expression : null;
    }

    /// <summary>Nothing, or the token it got itself.</summary>
    private bool PassesOn(SyntaxNode call) =>
        IsOnThis(call) && call is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments }
        && arguments.All(IsOwnToken);

    private static bool IsOnThis(SyntaxNode call) =>
        call is InvocationExpressionSyntax { Expression: IdentifierNameSyntax
            or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } };

    private bool IsOwnToken(ArgumentSyntax argument) =>
        argument.Expression is IdentifierNameSyntax name
        && Method.ParameterList.Parameters.Any(parameter => parameter.Identifier.ValueText == name.Identifier.ValueText);

    /// <summary>The call that an expression is, without what is done to its task.</summary>
    private static InvocationExpressionSyntax? CallIn(ExpressionSyntax expression) => expression switch
    {
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "_" }, Right: var value } => CallIn(value),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait",
            Expression: var inner } } => CallIn(inner),
        InvocationExpressionSyntax call => call,
        _ => null,
    };

    private static IEnumerable<IdentifierNameSyntax> NamesOf(IMethodSymbol method, SyntaxNode scope) =>
        scope.DescendantNodes(descendIntoTrivia: true).OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.Text == method.Name);

    /// <summary>What the parameters of the step would hide, or clash with.</summary>
    private static bool UsesNameOfStep(MethodDeclarationSyntax method) =>
        method.DescendantTokens().Any(token => token.ValueText == "iteration"
            || (token.ValueText == "cancellationToken" && method.ParameterList.Parameters.Count == 0));

    private static bool IsBareReturn(StatementSyntax statement) =>
        (statement is BlockSyntax { Statements: { Count: 1 } only } ? only[0] : statement)
            is ReturnStatementSyntax { Expression: null };
}
