using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Locals that keep a task or a delegate for later.</summary>
internal static class Locals
{
    /// <summary>The one place that reads the local; whether it is null is no use of it. Null for none or several.</summary>
    public static IOperation? OnlyUseOf(ILocalSymbol local, IOperation body, out bool isUsed)
    {
        var uses = body.DescendantsAndSelf().Where(use => Is(use, local) && !IsTarget(use) && !IsComparedWithNull(use)).Take(2)
            .ToList();
        isUsed = uses.Count > 0;
        return uses.Count == 1 ? uses[0] : null;
    }

    public static bool IsDeclaredIn(ILocalSymbol local, IOperation body) =>
        local.DeclaringSyntaxReferences.Any(place => place.SyntaxTree == body.Syntax.SyntaxTree && body.Syntax.Span
            .Contains(place.Span));

    /// <summary><c>var me = this;</c></summary>
    public static bool IsThis(ILocalSymbol local) =>
        local.DeclaringSyntaxReferences.Any(place =>
            place.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: ThisExpressionSyntax });

    private static bool Is(IOperation use, ILocalSymbol local) => use is ILocalReferenceOperation reference
        && SymbolEqualityComparer.Default.Equals(reference.Local, local);

    private static bool IsTarget(IOperation use) => use.Parent is ISimpleAssignmentOperation assignment
        && assignment.Target == use;

    private static bool IsComparedWithNull(IOperation use)
    {
        var value = use;
        while (value.Parent is IConversionOperation)
            value = value.Parent;
        return value.Parent switch
        {
            IBinaryOperation { LeftOperand: var left, RightOperand: var right } =>
                (left == value ? right : left).ConstantValue is { HasValue: true, Value: null },
            IIsPatternOperation pattern => pattern.Value == value,
            _ => false,
        };
    }
}
