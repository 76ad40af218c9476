using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// <c>if (!_again) { _again = true; …; await Self(); }</c> happens once: what let it in is set on the way to the call. A flag
/// that is set elsewhere, such as in a handler, may stay as it is for ever.
/// </summary>
internal static class Once
{
    public static bool Happens(IOperation call, IOperation body)
    {
        var set = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        for (var child = call; child != body && child.Parent is { } parent; child = parent)
        {
            if (parent is IConditionalOperation choice && child != choice.Condition
                && Symbols.In(choice.Condition).Any(set.Contains))
                return true;
            if (parent is IBlockOperation block
                && HappensIn(block.Operations.TakeWhile(statement => statement != child).Reverse(), set))
                return true;
        }

        return false;
    }

    /// <summary>From the call backwards; a guard that leaves is a condition too.</summary>
    private static bool HappensIn(IEnumerable<IOperation> statements, HashSet<ISymbol> set)
    {
        foreach (var statement in statements)
        {
            if (statement
                is IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Value.ConstantValue.HasValue: true,
                    Target: var target } } && Symbols.Of(target) is { } member && !Symbols.IsVariable(member))
                set.Add(member);
            if (statement is IConditionalOperation { WhenFalse: null } guard && Branches.LeavesFunction(guard.WhenTrue)
                && Symbols.In(guard.Condition).Any(set.Contains))
                return true;
        }

        return false;
    }
}
