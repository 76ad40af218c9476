using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Collections and sequences that get shorter or longer on the way.</summary>
internal static class Input
{
    private static readonly string[] Ends = ["AtEnd", "EndOf", "Eof", "Empty", "Exhausted", "HasMore", "HasNext", "Remaining"];

    /// <summary>Takes the next one, and says whether there was one.</summary>
    public static bool IsTaken(IOperation operation) => operation is IInvocationOperation { TargetMethod.Name: "MoveNext"
        or "MoveNextAsync" or "TryDequeue" or "TryPop" or "TryTake" or "TryRead" or "TryRemove" }
        or IInvocationOperation { TargetMethod: { Name: "Remove", ReturnType.SpecialType: SpecialType.System_Boolean } };

    /// <summary>Says whether there is more to take: <c>reader.EndOfStream</c>, <c>AtEnd</c>, <c>HasMore</c>.</summary>
    public static bool IsEnd(IOperation operation) =>
        operation is IMemberReferenceOperation { Member.Name: var name }
        && Ends.Any(end => name.IndexOf(end, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>What the call takes something from.</summary>
    public static ISymbol? Taken(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.Name: "Dequeue" or "Pop" or "Take" or "RemoveAt" or "Remove"
            or "RemoveFirst" or "RemoveLast", Instance: { } source }
            ? Symbols.Of(source)
            : null;

    /// <summary>What the call adds something to.</summary>
    public static ISymbol? Added(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.Name: "Add" or "TryAdd" or "Enqueue" or "Push" or "AddLast"
            or "AddFirst", Instance: { } collection }
            ? Symbols.Of(collection)
            : null;

    /// <summary>Whose number of things the operation asks for.</summary>
    public static ISymbol? Asked(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Count" or "Length" or "IsEmpty", Instance: { } collection } =>
            Symbols.Of(collection),
        IInvocationOperation { TargetMethod: { Name: "Any" or "Count", IsExtensionMethod: true },
            Arguments: { Length: > 0 } arguments } => Symbols.Of(WithoutConversion(arguments[0].Value)),
        _ => null,
    };

    private static IOperation WithoutConversion(IOperation value) =>
        value is IConversionOperation conversion ? WithoutConversion(conversion.Operand) : value;
}
