using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Where in its function a call stands: under which conditions it is reached, and what comes after it.</summary>
internal sealed class Position
{
    private readonly List<Decision> _decisions = [];
    private readonly List<IOperation> _around = [];

    /// <summary>In the body of a loop that goes on after the call: a tree, not a repetition.</summary>
    public bool IsInLoop { get; private set; }

    public bool IsInCatch { get; private set; }

    /// <summary>In a handler inside a loop without an end: what the loop began is begun once more, and waited for.</summary>
    public bool IsInHandlerOfLoop { get; private set; }

    public bool IsInFinally { get; private set; }

    /// <summary>Nothing but cleaning up happens after the call.</summary>
    public bool IsTail { get; private set; }

    /// <summary>
    /// What is tested on the way to the call. An early return before it is not: it ends the repetition, it does not select it.
    /// </summary>
    public IReadOnlyList<Decision> Decisions => _decisions;

    /// <inheritdoc cref="Decisions"/>
    public IEnumerable<IOperation> Conditions => _decisions.Select(decision => decision.Condition);

    /// <summary>The same, with those of loops around it.</summary>
    public IReadOnlyList<IOperation> Around => _around;

    public bool IsUnconditional => _decisions.Count == 0 && !IsInCatch;

    public static Position Of(IOperation call, Result result, Function function)
    {
        var end = result.End;
        var leaves = (end is IReturnOperation { Kind: OperationKind.Return } && !result.IsValueUsed) || IsFollowedByReturn(end);
        var position = new Position { IsTail = IsLast(end, function.Body, leaves) && !(result.IsValueUsed && !leaves) };
        position.Climb(call, function, leaves);
        // A lambda kept in a local is written in one place and called in another.
        if (!end.Syntax.Span.Contains(call.Syntax.Span))
            position.Climb(end, function, leaves);
        return position;
    }

    private void Climb(IOperation from, Function function, bool leaves)
    {
        for (var child = from; child != function.Body && child.Parent is { } parent; child = parent)
        {
            Pass(parent, child, leaves);
            _around.AddRange(Deciding.Of(parent, child));
        }
    }

    private void Pass(IOperation parent, IOperation child, bool leaves)
    {
        switch (parent)
        {
            case IConditionalOperation choice when child != choice.Condition:
                if (!Branches.LeavesFunction(child == choice.WhenTrue ? choice.WhenFalse : choice.WhenTrue))
                    _decisions.Add(new(choice.Condition, child == choice.WhenTrue));
                break;
            case ISwitchCaseOperation { Parent: ISwitchOperation choice }:
                _decisions.Add(new(choice.Value, null));
                break;
            case ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice }:
                _decisions.Add(new(choice.Value, null));
                break;
            case ICoalesceOperation choice when child == choice.WhenNull:
                _decisions.Add(new(choice.Value, null));
                break;
            case IConditionalAccessOperation access when child == access.WhenNotNull:
                _decisions.Add(new(access.Operation, null));
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } choice
                when child == choice.RightOperand:
                _decisions.Add(new(choice.LeftOperand, choice.OperatorKind == BinaryOperatorKind.ConditionalAnd));
                break;
            case ICatchClauseOperation handler:
                IsInCatch = true;
                if (handler.Filter is { } filter)
                    _decisions.Add(new(filter, true));
                break;
            case ITryOperation cleaning when child == cleaning.Finally:
                IsInFinally = true;
                break;
            case IForEachLoopOperation loop when child == loop.Collection:
                break;
            case ILoopOperation loop when !leaves:
                IsInHandlerOfLoop |= IsInCatch && IsEndless(loop);
                IsInLoop |= !IsInHandlerOfLoop;
                break;
        }
    }

    /// <summary>Nothing but a flag or a token ends it.</summary>
    private static bool IsEndless(ILoopOperation loop) => loop switch
    {
        IWhileLoopOperation { Condition: var condition } => condition is null || Flag.IsAll(condition, _ => false),
        IForLoopOperation { Condition: null } => true,
        _ => false,
    };

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

    private static bool IsNothing(IOperation statement) =>
        statement is IEmptyOperation or ILocalFunctionOperation or IBranchOperation { BranchKind: BranchKind.Break }
        || IsBareReturn(statement) || statement.IsImplicit;

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
            || (siblings[next] is IReturnOperation { ReturnedValue: { } value }
                && statement is IVariableDeclarationGroupOperation declared
                && WithoutConversion(value) is ILocalReferenceOperation local
                && declared.Declarations.Any(part => part.Declarators.Any(variable => SymbolEqualityComparer.Default.Equals(
                    variable.Symbol, local.Local))));
    }

    private static bool IsBareReturn(IOperation statement) => statement is IReturnOperation { ReturnedValue: null };

    private static IOperation WithoutConversion(IOperation value) =>
        value is IConversionOperation conversion ? WithoutConversion(conversion.Operand) : value;
}
