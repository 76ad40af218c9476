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
                case IInvocationOperation call when call.Instance == value && (TaskMethods.PassOn(call.TargetMethod) || TaskMethods.Continue(call.TargetMethod)):
                    value = Unwrapped(call);
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } argument when TryEnter(call.TargetMethod, argument, value):
                    if (_isIgnored)
                        return End(ResultUse.Dropped, Places.StatementOf(call));
                    value = Unwrapped(call);
                    break;
                case IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } creation } when IsScheduled(value, constructor):
                    return End(Schedulers.RepeatsByItself(creation) ? ResultUse.Other : ResultUse.Dropped, Places.StatementOf(creation));
                case IAwaitOperation:
                    _isAwaited |= _wrappings == 0;
                    _wrappings = Math.Max(0, _wrappings - 1);
                    value = parent;
                    break;
                case IReturnOperation or IExpressionStatementOperation:
                    if (Places.LambdaAround(parent, function.Body) is not { } lambda)
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
                    return Places.LambdaAround(assignment, function.Body) is { } host ? InSchedulerOnly(host, assignment) : End(ResultUse.Dropped, Places.StatementOf(assignment));
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } declarator } when !_isAwaited:
                    var uses = function.Body.DescendantsAndSelf().Where(use => use is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local)).Take(2).ToList();
                    if (uses.Count == 0)
                        return Places.LambdaAround(declarator, function.Body) is null ? End(ResultUse.Dropped, Places.StatementOf(declarator)) : End(ResultUse.Other, declarator);
                    if (uses.Count > 1)
                        return End(ResultUse.Other, declarator);
                    value = uses[0];
                    break;
                default:
                    return _isAwaited && Places.LambdaAround(parent, function.Body) is null
                        ? new(ResultUse.Awaited, Places.StatementOf(parent), _scheduler, isValueUsed: true)
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
            IObjectCreationOperation { Constructor: { } constructor } creation => IsScheduled(value, constructor) && !Schedulers.RepeatsByItself(creation),
            _ => false,
        };
        return End(isScheduled && Places.LambdaAround(value.Parent!, function.Body) is null ? ResultUse.Dropped : ResultUse.Other, isScheduled ? Places.StatementOf(value) : statement);
    }

    /// <summary>Whether the argument is followed into the call: combinators, extension methods, schedulers.</summary>
    private bool TryEnter(IMethodSymbol method, IArgumentOperation argument, IOperation value)
    {
        _isIgnored = TaskMethods.LetGo(method);
        if (_isIgnored)
            return true;
        if (TaskMethods.Combine(method) || (method.IsExtensionMethod && argument.Parameter?.Ordinal == 0 && TaskMethods.PassOn(method)))
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

    private static bool YieldsItsItems(IForEachLoopOperation loop) =>
        loop.Body.DescendantsAndSelf().Any(inner => inner is IReturnOperation { Kind: OperationKind.YieldReturn });
}
