using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// A limit in a method or property that the function calls: it throws after a count or a time, or says no and the
/// function listens. Looked for one call deep, and only in functions that would be reported.
/// </summary>
internal static class CalledLimit
{
    private static readonly string[] Retrying = ["Retry", "Retries", "Attempt", "Again", "Reconnect", "GiveUp", "GivesUp"];

    /// <param name="conditions">What decides whether the function goes on, with what that was made from.</param>
    /// <param name="call">The call to itself.</param>
    /// <param name="body">The body it stands in.</param>
    public static bool Exists(IEnumerable<IOperation> conditions, IOperation call, IOperation body) => conditions.Any(SaysNo)
        || body.Descendants().Any(operation => Stops(operation, call, body));

    private static bool SaysNo(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: var method } =>
            DeclarationOf(method) is { } code ? Counting.Compares(code) : IsAskedForMore(method),
        IPropertyReferenceOperation { Property: { GetMethod: { } getter } property } =>
            DeclarationOf(getter) is { } code ? Counting.Compares(code) : DeclarationOf(property) is { } line
            && Counting.Compares(line),
        _ => false,
    };

    /// <summary>Its code is not here: an interface, a package. Its name says that it decides about another attempt.</summary>
    private static bool IsAskedForMore(IMethodSymbol method) =>
        !method.ReturnsVoid && Retrying.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0);

    /// <summary>What is thrown and caught before the call ends nothing.</summary>
    private static bool Stops(IOperation operation, IOperation call, IOperation body) =>
        operation is IInvocationOperation { TargetMethod: var method } && operation.Syntax.SpanStart < call.Syntax.SpanStart
        && !IsCaught(operation, call, body) && DeclarationOf(method) is { } code && Counting.Throws(code);

    private static bool IsCaught(IOperation operation, IOperation call, IOperation body)
    {
        for (var child = operation; child != body && child.Parent is { } parent; child = parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation
                && !parent.Syntax.Span.Contains(call.Syntax.Span))
                return true;
            if (parent is ITryOperation { Catches.IsEmpty: false } handled && child == handled.Body
                && !child.Syntax.Span.Contains(call.Syntax.Span))
                return true;
        }

        return false;
    }

    private static SyntaxNode? DeclarationOf(ISymbol member) =>
        member is { IsAbstract: false, OriginalDefinition.DeclaringSyntaxReferences: { Length: > 0 } places }
            ? places[places.Length - 1].GetSyntax() is var code && code is not ParameterSyntax ? code : null : null;
}
