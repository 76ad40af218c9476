using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Whether a decision to go on means that something was found, rather than that nothing was.</summary>
internal static class Polarity
{
    /// <param name="condition">The condition.</param>
    /// <param name="isTrue">What it must be to go on; null if that is not known, and then the answer is yes.</param>
    /// <param name="find">What finds something, and says whether it did.</param>
    /// <param name="valuesOf">What a local was made from.</param>
    public static bool Finds(IOperation condition, bool? isTrue, Func<IOperation, bool> find, Func<ILocalSymbol,
        IReadOnlyList<IOperation>> valuesOf) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand } => Finds(operand, !isTrue, find, valuesOf),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr,
            LeftOperand: var left, RightOperand: var right } =>
            Finds(left, isTrue, find, valuesOf) || Finds(right, isTrue, find, valuesOf),
        IParenthesizedOperation { Operand: var operand } => Finds(operand, isTrue, find, valuesOf),
        IConversionOperation { Operand: var operand } => Finds(operand, isTrue, find, valuesOf),
        IAwaitOperation { Operation: var operand } => Finds(operand, isTrue, find, valuesOf),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask", Instance: { } operand } =>
            Finds(operand, isTrue, find, valuesOf),
        ILocalReferenceOperation { Local: var local } when valuesOf(local) is { Count: 1 } values
            && values[0] is not ILocalReferenceOperation => Finds(values[0], isTrue, find, valuesOf),
        _ when find(condition) => isTrue != false,
        _ => condition.Descendants().Any(find),
    };
}
