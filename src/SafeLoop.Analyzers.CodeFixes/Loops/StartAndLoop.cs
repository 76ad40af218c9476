using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// A method whose last statement starts it again, as two: <c>async void</c> stays that and awaits the loop, so its exceptions end
/// up where they did; a task is kept in a field, where callers can await the end and see the exception.
/// </summary>
internal sealed class StartAndLoop
{
    private readonly MethodDeclarationSyntax _method;
    private readonly string _loop;
    private readonly string _field;
    private readonly bool _isNullable;

    private StartAndLoop(MethodDeclarationSyntax method, string stem, bool isNullable)
    {
        _method = method;
        _isNullable = isNullable;
        _loop = stem + "LoopAsync";
        _field = "_" + char.ToLowerInvariant(stem[0]) + stem.Substring(1) + "Loop";
    }

    public string Title =>
        "Split into a start and a loop" + (ReturnsVoid ? "" : " (callers no longer wait for the first iteration)");

    private bool ReturnsVoid => _method.ReturnType is PredefinedTypeSyntax;

    public static StartAndLoop? Of(
        SyntaxNode declaration, SyntaxNode call, SemanticModel model, CancellationToken cancellationToken)
    {
        if (declaration is not MethodDeclarationSyntax { Body: { } body, Parent: TypeDeclarationSyntax type } method
            || model.GetDeclaredSymbol(method, cancellationToken) is not { } symbol)
            return null;
        if (!symbol.IsAsync || symbol.IsVirtual || symbol.IsOverride || symbol.ExplicitInterfaceImplementations.Length > 0
            || symbol.IsGenericMethod || type is InterfaceDeclarationSyntax)
            return null;
        if (symbol.ReturnType is not ({ SpecialType: SpecialType.System_Void }
            or INamedTypeSymbol { IsGenericType: false, Name: "Task" }))
            return null;
        if (body.DescendantTrivia().Concat(method.GetLeadingTrivia()).Any(trivia => trivia.IsDirective) || !EndsWith(call, body)
            || !PassesOnEverything(call, symbol) || CallsAgain(body, symbol.Name))
            return null;
        // The calls ended in a stack overflow; a loop would never give the thread back.
        if (!Awaits.AnyIn(body, except: []) || model.AnalyzeDataFlow(body) is not { Succeeded: true } flow
            || Obstacles.Captures(flow, []))
            return null;
        var stem = symbol.Name.EndsWith("Async", StringComparison.Ordinal) && symbol.Name.Length > 5
            ? symbol.Name.Substring(0, symbol.Name.Length - 5)
            : symbol.Name;
        var split = new StartAndLoop(method, stem, model.GetNullableContext(method.SpanStart).AnnotationsEnabled());
        // A struct is copied with its field, and a record is equal to others by it.
        if (!split.ReturnsVoid && type is not ClassDeclarationSyntax)
            return null;
        return symbol.ContainingType.GetMembers(split._loop).IsEmpty && symbol.ContainingType.GetMembers(split._field).IsEmpty
            ? split
            : null;
    }

    public SyntaxNode Apply(SyntaxNode root) =>
        root.ReplaceNode(_method, ReturnsVoid ? [Start(), Loop()] : new MemberDeclarationSyntax[] { Field(), Start(), Loop() });

    private static bool EndsWith(SyntaxNode call, BlockSyntax body) =>
        body.Statements.Count > 1 && body.Statements[body.Statements.Count - 1] is ExpressionStatementSyntax last
        && (last.Expression == call
            || last.Expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "_" },
                Right: var value } && value == call)
        && !body.Statements.Any(Surroundings.IsUsing);

    private static bool PassesOnEverything(SyntaxNode call, IMethodSymbol method) =>
        call is InvocationExpressionSyntax { Expression: IdentifierNameSyntax
            or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }, ArgumentList.Arguments: var arguments }
        && arguments.Select(argument => argument.ToString()).SequenceEqual(method.Parameters.Select(parameter => parameter.Name));

    private static bool CallsAgain(BlockSyntax body, string name) =>
        body.DescendantNodes().OfType<IdentifierNameSyntax>().Count(found => found.Identifier.Text == name) != 1;

    private FieldDeclarationSyntax Field() =>
        FieldDeclaration(VariableDeclaration(_isNullable ? NullableType(TaskType()) : TaskType(),
            SingletonSeparatedList(VariableDeclarator(_field))))
            .WithModifiers(Modifiers(SyntaxKind.PrivateKeyword))
            .WithLeadingTrivia(_method.GetLeadingTrivia().TakeWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
            .WithTrailingTrivia(LineEnd.Of(_method), LineEnd.Of(_method)).WithAdditionalAnnotations(Formatter.Annotation);

    private MethodDeclarationSyntax Start()
    {
        var call =
            $"{_loop}({string.Join(", ", _method.ParameterList.Parameters.Select(parameter => parameter.Identifier.Text))})";
        var body = ReturnsVoid
            ? Block(ParseStatement($"await {call};"))
            : Block(ParseStatement($"{_field} = {call};"), ReturnStatement(
                ParseExpression("System.Threading.Tasks.Task.CompletedTask").WithAdditionalAnnotations(Simplifier.Annotation)));
        var start = ReturnsVoid
            ? _method
            : _method.WithModifiers(TokenList(_method.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.AsyncKeyword))));
        var above = _method.GetLeadingTrivia().SkipWhile(trivia => !ReturnsVoid && trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return start.WithBody(body).WithLeadingTrivia(above).WithTrailingTrivia(LineEnd.Of(_method), LineEnd.Of(_method))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private MethodDeclarationSyntax Loop()
    {
        var body = _method.Body!.WithStatements(_method.Body.Statements.RemoveAt(_method.Body.Statements.Count - 1));
        return MethodDeclaration(TaskType(), _loop)
            .WithModifiers(Modifiers(SyntaxKind.PrivateKeyword).Add(Token(SyntaxKind.AsyncKeyword)))
            .WithParameterList(_method.ParameterList.WithoutTrivia())
            .WithBody(Block(Shorter.While(token: null, body)))
            .WithTrailingTrivia(_method.GetTrailingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private SyntaxTokenList Modifiers(SyntaxKind access) =>
        _method.Modifiers.Any(SyntaxKind.StaticKeyword)
            ? TokenList(Token(access), Token(SyntaxKind.StaticKeyword))
            : TokenList(Token(access));

    private static TypeSyntax TaskType() =>
        ParseTypeName("System.Threading.Tasks.Task").WithAdditionalAnnotations(Simplifier.Annotation);
}
