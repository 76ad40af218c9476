using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Conditions that are not written as such: what throws when a value has gone too far.</summary>
internal static class Refusal
{
    /// <summary><c>ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 5)</c>. That something is not null bounds nothing.</summary>
    public static IOperation? AskedBy(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { IsStatic: true, Name: var name },
            Arguments: { Length: > 0 } arguments }
        && name.StartsWith("ThrowIf", StringComparison.Ordinal) && !name.StartsWith("ThrowIfNull", StringComparison.Ordinal)
            ? arguments[0].Value
            : null;

    /// <summary>The parameter that is an index, as it is: <c>all[n % all.Length]</c> never goes too far.</summary>
    public static ISymbol? IndexOf(IOperation operation) => operation switch
    {
        IArrayElementReferenceOperation { Indices: { Length: 1 } indices } =>
            indices[0] is IParameterReferenceOperation index ? index.Parameter : null,
        IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType.Name: "List" or "IList" or "IReadOnlyList"
            or "ImmutableArray" }, Arguments: { Length: 1 } arguments } =>
            arguments[0].Value is IParameterReferenceOperation index ? index.Parameter : null,
        _ => null,
    };
}
