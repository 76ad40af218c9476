using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Follows the result of a call outwards until it is awaited, returned, yielded, dropped, or lost from sight.</summary>
internal sealed class ResultTrace(Function function, AnalyzerSettings settings)
{
    /// <summary>Newer compilers pass <c>params</c> in one; the compiler this is built against has no name for it.</summary>
    private const OperationKind CollectionExpression = (OperationKind)127;

    private IMethodSymbol? _scheduler;
    private bool _isAwaited;
    private int _wrappings;
    private bool _isIgnored;

    public Result Follow(IOperation reference)
    {
        var value = reference;
        while (value.Parent is { } parent && parent != function.Body.Parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation or ICoalesceOperation:
                case IArrayInitializerOperation or IArrayCreationOperation or { Kind: CollectionExpression }:
                case IConditionalOperation { Type: not null } choice when choice.Condition != value:
                    value = parent;
                    break;
                case IInvocationOperation call when call.Instance == value && IsPassedThrough(call.TargetMethod):
                    value = Unwrapped(call);
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } argument when TryEnter(call.TargetMethod, argument, value):
                    if (_isIgnored)
                        return End(ResultUse.Dropped, StatementOf(call));
                    value = Unwrapped(call);
                    break;
                case IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } creation } when IsScheduled(value, constructor):
                    return End(IsRepeating(creation) ? ResultUse.Other : ResultUse.Dropped, StatementOf(creation));
                case IAwaitOperation:
                    _isAwaited |= _wrappings == 0;
                    _wrappings = Math.Max(0, _wrappings - 1);
                    value = parent;
                    break;
                case IReturnOperation or IExpressionStatementOperation:
                    if (LambdaAround(parent) is not { } lambda)
                        return OfStatement(parent);
                    if (parent is IExpressionStatementOperation && !_isAwaited)
                        return InSchedulerOnly(lambda, parent);
                    _isAwaited = false;
                    value = lambda;
                    break;
                case IForEachLoopOperation loop when loop.Collection == value:
                    return End(YieldsItsItems(loop) ? ResultUse.Yielded : ResultUse.Other, loop);
                case ISimpleAssignmentOperation { Target: IDiscardOperation or IFieldReferenceOperation or IPropertyReferenceOperation } assignment
                    when assignment.Value == value && !_isAwaited:
                    return LambdaAround(assignment) is { } host ? InSchedulerOnly(host, assignment) : End(ResultUse.Dropped, StatementOf(assignment));
                default:
                    return _isAwaited && LambdaAround(parent) is null
                        ? new(ResultUse.Awaited, StatementOf(parent), _scheduler, isValueUsed: true)
                        : End(ResultUse.Other, parent);
            }
        }

        return End(ResultUse.Other, value);
    }

    private Result OfStatement(IOperation statement) => statement switch
    {
        IReturnOperation { Kind: OperationKind.YieldReturn } => End(ResultUse.Yielded, statement),
        IReturnOperation => End(_wrappings > 0 ? ResultUse.Dropped : ResultUse.Returned, statement),
        _ when _isAwaited => End(ResultUse.Awaited, statement),
        _ => End(ResultUse.Dropped, statement),
    };

    /// <summary>A call whose result a lambda ignores: a repetition only if that lambda is run by a scheduler.</summary>
    private Result InSchedulerOnly(IAnonymousFunctionOperation lambda, IOperation statement)
    {
        IOperation value = lambda;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation)
            value = value.Parent;
        var isScheduled = value.Parent is IArgumentOperation argument && argument.Parent switch
        {
            IInvocationOperation call => IsScheduled(value, call.TargetMethod),
            IObjectCreationOperation { Constructor: { } constructor } creation => IsScheduled(value, constructor) && !IsRepeating(creation),
            _ => false,
        };
        return End(isScheduled && LambdaAround(value.Parent!) is null ? ResultUse.Dropped : ResultUse.Other, isScheduled ? StatementOf(value) : statement);
    }

    /// <summary>Whether the argument is followed into the call: combinators, extension methods, schedulers.</summary>
    private bool TryEnter(IMethodSymbol method, IArgumentOperation argument, IOperation value)
    {
        _isIgnored = method.Name is "Forget" or "FireAndForget" or "SafeFireAndForget";
        if (_isIgnored)
            return true;
        if (method.Name is "WhenAll" or "WhenAny" || (method.IsExtensionMethod && argument.Parameter?.Ordinal == 0 && IsPassedThrough(method)))
            return true;
        if (Schedulers.TakesSequence(method) && value is IInvocationOperation)
        {
            _scheduler = method;
            return true;
        }

        if (!IsScheduled(value, method))
            return false;
        var returned = (argument.Parameter?.Type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType;
        _isIgnored = returned?.Name is not ("Task" or "ValueTask" or "UniTask");
        _wrappings += Schedulers.Wraps(method) ? 1 : 0;
        return true;
    }

    private bool IsScheduled(IOperation value, IMethodSymbol method)
    {
        if (value is not IDelegateCreationOperation || !Schedulers.Contains(method, settings))
            return false;
        _scheduler = method;
        return true;
    }

    private IInvocationOperation Unwrapped(IInvocationOperation call)
    {
        if (call.TargetMethod.Name == "Unwrap")
            _wrappings = Math.Max(0, _wrappings - 1);
        return call;
    }

    private Result End(ResultUse use, IOperation end) => new(use, end, _scheduler, isValueUsed: false);

    private static bool IsPassedThrough(IMethodSymbol method) =>
        method.Name is "ConfigureAwait" or "AsTask" or "Preserve" or "WaitAsync" or "Unwrap" or "WithCancellation" or "AttachExternalCancellation" or "SuppressCancellationThrow";

    private static bool YieldsItsItems(IForEachLoopOperation loop) =>
        loop.Body.DescendantsAndSelf().Any(inner => inner is IReturnOperation { Kind: OperationKind.YieldReturn });

    /// <summary>A timer with a period of its own repeats without help: whoever makes it inside its own callback makes it once.</summary>
    private static bool IsRepeating(IObjectCreationOperation timer)
    {
        if (timer.Constructor?.ContainingType.Name != "Timer")
            return false;
        var period = timer.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "period")?.Value;
        while (period is IConversionOperation conversion)
            period = conversion.Operand;
        return period is not null
            && period.ConstantValue is not { HasValue: true, Value: -1 or 0 or -1L or 0L or uint.MaxValue or 0u }
            && period is not (IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Zero" or "Infinite" } or IPropertyReferenceOperation);
    }

    /// <summary>The lambda without a name, inside the function, that the operation belongs to.</summary>
    private IAnonymousFunctionOperation? LambdaAround(IOperation operation)
    {
        for (var place = operation.Parent; place is not null && place != function.Body; place = place.Parent)
        {
            if (place is IAnonymousFunctionOperation lambda)
                return lambda;
        }

        return null;
    }

    private static IOperation StatementOf(IOperation operation)
    {
        var place = operation;
        while (place.Parent is not (null or IBlockOperation or ISwitchCaseOperation) && place is not (IExpressionStatementOperation or IReturnOperation or IVariableDeclarationGroupOperation))
            place = place.Parent;
        return place;
    }
}
