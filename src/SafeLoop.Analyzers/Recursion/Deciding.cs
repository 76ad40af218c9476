using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>The conditions under which a function is left early: those around a return, a throw, or a break out of a
/// loop.</summary>
internal static class Deciding
{
    public static bool Leaves(IOperation operation) => operation switch
    {
        IReturnOperation { Kind: OperationKind.Return or OperationKind.YieldBreak, IsImplicit: false } or IThrowOperation => true,
        IBranchOperation { BranchKind: BranchKind.Break } branch => !IsInSwitch(branch),
        _ => false,
    };

    /// <summary>From the operation outwards.</summary>
    public static IEnumerable<IOperation> Around(IOperation operation)
    {
        for (var child = operation; child.Parent is { } parent; child = parent)
        {
            if (parent is ILocalFunctionOperation or IAnonymousFunctionOperation)
                yield break;
            foreach (var condition in Of(parent, child))
                yield return condition;
        }
    }

    /// <summary>What a construct looks at before it goes on to this part of it.</summary>
    public static IEnumerable<IOperation> Of(IOperation parent, IOperation child) => parent switch
    {
        IConditionalOperation choice when child != choice.Condition => [choice.Condition],
        ISwitchOperation choice when child != choice.Value => [choice.Value],
        ISwitchCaseOperation section => section.Clauses.OfType<IPatternCaseClauseOperation>().Where(clause =>
            clause.Guard is not null).Select(clause => clause.Guard!),
        ISwitchExpressionOperation choice when child != choice.Value => [choice.Value],
        ISwitchExpressionArmOperation { Guard: { } guard } when child != guard => [guard],
        ICatchClauseOperation { Filter: { } filter } when child != filter => [filter],
        ICoalesceOperation choice when child == choice.WhenNull => [choice.Value],
        IConditionalAccessOperation access when child == access.WhenNotNull => [access.Operation],
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd
            or BinaryOperatorKind.ConditionalOr } choice when child == choice.RightOperand => [choice.LeftOperand],
        IWhileLoopOperation { Condition: { } condition } when child != condition => [condition],
        IForLoopOperation { Condition: { } condition } when child != condition => [condition],
        IForEachLoopOperation loop when child != loop.Collection => [loop.Collection],
        _ => [],
    };

    private static bool IsInSwitch(IOperation branch)
    {
        for (var place = branch.Parent; place is not null; place = place.Parent)
        {
            if (place is ISwitchOperation)
                return true;
            if (place is ILoopOperation)
                return false;
        }

        return false;
    }
}
