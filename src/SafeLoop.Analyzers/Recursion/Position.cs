using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Where in its function a call stands: under which conditions it is reached, and what comes after it.</summary>
internal sealed class Position
{
    private readonly List<IOperation> _conditions = [];

    /// <summary>In the body of a loop that goes on after the call: a tree, not a repetition.</summary>
    public bool IsInLoop { get; private set; }

    public bool IsInCatch { get; private set; }

    public bool IsInFinally { get; private set; }

    /// <summary>Nothing but cleaning up happens after the call.</summary>
    public bool IsTail { get; private set; }

    /// <summary>What is tested on the way to the call. An early return before it is not: it ends the repetition, it does not select it.</summary>
    public IReadOnlyList<IOperation> Conditions => _conditions;

    public bool IsUnconditional => _conditions.Count == 0 && !IsInCatch;

    public static Position Of(IOperation call, Result result, Function function)
    {
        var end = result.End;
        var leaves = (end is IReturnOperation { Kind: OperationKind.Return } && !result.IsValueUsed) || IsFollowedByReturn(end);
        var position = new Position { IsTail = IsLast(end, function.Body, leaves) && !(result.IsValueUsed && !leaves) };
        for (var child = call; child != function.Body && child.Parent is { } parent; child = parent)
            position.Pass(parent, child, leaves);
        return position;
    }

    private void Pass(IOperation parent, IOperation child, bool leaves)
    {
        switch (parent)
        {
            case IConditionalOperation choice when child != choice.Condition:
                if (!Branches.LeavesFunction(child == choice.WhenTrue ? choice.WhenFalse : choice.WhenTrue))
                    _conditions.Add(choice.Condition);
                break;
            case ISwitchCaseOperation { Parent: ISwitchOperation choice }:
                _conditions.Add(choice.Value);
                break;
            case ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice }:
                _conditions.Add(choice.Value);
                break;
            case ICoalesceOperation choice when child == choice.WhenNull:
                _conditions.Add(choice.Value);
                break;
            case IConditionalAccessOperation access when child == access.WhenNotNull:
                _conditions.Add(access.Operation);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } choice when child == choice.RightOperand:
                _conditions.Add(choice.LeftOperand);
                break;
            case ICatchClauseOperation handler:
                IsInCatch = true;
                if (handler.Filter is { } filter)
                    _conditions.Add(filter);
                break;
            case ITryOperation cleaning when child == cleaning.Finally:
                IsInFinally = true;
                break;
            case IForEachLoopOperation loop when child == loop.Collection:
                break;
            case ILoopOperation:
                IsInLoop |= !leaves;
                break;
        }
    }

    /// <summary>Whether nothing follows the statement, up to the end of the function.</summary>
    private static bool IsLast(IOperation statement, IOperation body, bool leaves)
    {
        for (var child = statement; child != body && child.Parent is { } parent; child = parent)
        {
            var isLast = parent switch
            {
                IBlockOperation block => IsLastOf(block.Operations, child),
                ISwitchCaseOperation section => IsLastOf(section.Body, child),
                ILoopOperation => leaves,
                IMethodBodyBaseOperation => true,
                _ => true,
            };
            if (!isLast && !leaves)
                return false;
        }

        return true;
    }

    private static bool IsLastOf(IEnumerable<IOperation> statements, IOperation child) =>
        statements.SkipWhile(statement => statement != child).Skip(1).All(IsNothing);

    private static bool IsNothing(IOperation statement) => statement is IEmptyOperation or ILocalFunctionOperation or IBranchOperation { BranchKind: BranchKind.Break } || IsBareReturn(statement) || statement.IsImplicit;

    private static bool IsFollowedByReturn(IOperation statement)
    {
        var siblings = statement.Parent switch
        {
            IBlockOperation block => block.Operations,
            ISwitchCaseOperation section => section.Body,
            _ => ImmutableArray<IOperation>.Empty,
        };
        var next = siblings.IndexOf(statement) + 1;
        if (next == 0 || next == siblings.Length)
            return false;
        return IsBareReturn(siblings[next])
            || (siblings[next] is IReturnOperation { ReturnedValue: { } value } && statement is IVariableDeclarationGroupOperation declared
                && WithoutConversion(value) is ILocalReferenceOperation local && declared.Declarations.Any(part => part.Declarators.Any(variable => SymbolEqualityComparer.Default.Equals(variable.Symbol, local.Local))));
    }

    private static bool IsBareReturn(IOperation statement) => statement is IReturnOperation { ReturnedValue: null };

    private static IOperation WithoutConversion(IOperation value) => value is IConversionOperation conversion ? WithoutConversion(conversion.Operand) : value;
}
