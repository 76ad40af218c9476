using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Where code decides, and where a decision leads out.</summary>
internal static class Branches
{
    /// <summary>What the operation looks at to choose a way, or whether to go on.</summary>
    public static IOperation? ConditionOf(IOperation operation) => operation switch
    {
        IConditionalOperation choice => choice.Condition,
        IWhileLoopOperation loop => loop.Condition,
        IForLoopOperation loop => loop.Condition,
        IForEachLoopOperation loop => loop.Collection,
        ISwitchOperation choice => choice.Value,
        ISwitchExpressionOperation choice => choice.Value,
        IPatternCaseClauseOperation section => section.Guard,
        ISwitchExpressionArmOperation arm => arm.Guard,
        ICatchClauseOperation handler => handler.Filter,
        IConditionalAccessOperation access => access.Operation,
        ICoalesceOperation choice => choice.Value,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } choice =>
            choice.LeftOperand,
        _ => null,
    };

    public static bool LeavesFunction(IOperation? branch) => branch switch
    {
        IBlockOperation { Operations: { Length: > 0 } inner } => LeavesFunction(inner[inner.Length - 1]),
        IReturnOperation or IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };
}
