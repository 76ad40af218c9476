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
    private bool _isBlocking;

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
                case ISwitchExpressionArmOperation arm when arm.Value == value:
                case ISwitchExpressionOperation choices when choices.Value != value:
                    value = parent;
                    break;
                case IInvocationOperation call when call.Instance == value
                    && (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke || call.TargetMethod.Name == "GetAwaiter"):
                    value = call;
                    break;
                case IInvocationOperation call when call.Instance == value && TaskMethods.Block(call.TargetMethod):
                case IPropertyReferenceOperation { Property.Name: "Result" } result when result.Instance == value:
                    _isBlocking = true;
                    _isAwaited |= _wrappings == 0;
                    value = parent;
                    break;
                case IInvocationOperation call when call.Instance == value && TaskMethods.Continue(call.TargetMethod)
                    && Completion.Continues(call, function.Body):
                    _scheduler = call.TargetMethod;
                    return End(ResultUse.Awaited, Places.StatementOf(call));
                case IInvocationOperation call
                    when call.Instance == value
                        && (TaskMethods.PassOn(call.TargetMethod) || TaskMethods.Continue(call.TargetMethod)):
                    value = Unwrapped(call);
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } argument
                    when TryEnter(call.TargetMethod, argument, value):
                    if (_isIgnored)
                        return End(ResultUse.Dropped, Places.StatementOf(call));
                    value = Unwrapped(call);
                    break;
                case IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } creation }
                    when IsScheduled(value, constructor):
                    return End(Schedulers.RepeatsByItself(creation) ? ResultUse.Other : ResultUse.Dropped,
                        Places.StatementOf(creation));
                case IAwaitOperation:
                    _isAwaited |= _wrappings == 0;
                    _wrappings = Math.Max(0, _wrappings - 1);
                    value = parent;
                    break;
                case IReturnOperation or IExpressionStatementOperation:
                    if (Places.LambdaAround(parent, function.Body) is not { } lambda)
                        return OfStatement(parent);
                    if (parent is IExpressionStatementOperation && !_isAwaited && !IsSynchronous)
                        return InSchedulerOnly(lambda, parent);
                    if (_isAwaited && Completion.Follows(parent, lambda, function.Body) && HostOf(lambda) is { } posted
                        && Schedulers.Contains(posted.TargetMethod, settings))
                    {
                        _scheduler = posted.TargetMethod;
                        return End(ResultUse.Awaited, Places.StatementOf(posted));
                    }

                    _isAwaited = false;
                    value = lambda;
                    break;
                case IForEachLoopOperation loop when loop.Collection == value:
                    return End(YieldsItsItems(loop) ? ResultUse.Yielded : ResultUse.Other, loop);
                case ISimpleAssignmentOperation { Target: IDiscardOperation or IFieldReferenceOperation
                    or IPropertyReferenceOperation } assignment
                    when assignment.Value == value && !_isAwaited:
                    return Places.LambdaAround(assignment, function.Body) is { } host
                        ? InSchedulerOnly(host, assignment)
                        : End(ResultUse.Dropped, Places.StatementOf(assignment));
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } declarator }
                    when !_isAwaited:
                    if (Locals.OnlyUseOf(local, function.Body, out var isUsed) is not { } use)
                        return End(isUsed || value is IDelegateCreationOperation
                            || Places.LambdaAround(declarator, function.Body) is not null ? ResultUse.Other : ResultUse.Dropped,
                            Places.StatementOf(declarator));
                    value = use;
                    break;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment
                    when assignment.Value == value && !_isAwaited:
                    if (!Locals.IsDeclaredIn(local, function.Body) || value is IDelegateCreationOperation)
                        return End(ResultUse.Other, assignment);
                    if (Locals.OnlyUseOf(local, function.Body, out var isRead) is not { } read)
                        return End(isRead || Places.LambdaAround(assignment, function.Body) is not null ? ResultUse.Other
                            : ResultUse.Dropped, Places.StatementOf(assignment));
                    if (Places.LambdaAround(assignment, function.Body) != Places.LambdaAround(read, function.Body))
                        return End(ResultUse.Other, assignment);
                    value = read;
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
        var value = Places.DelegateOf(lambda);
        var isScheduled = value.Parent is IArgumentOperation argument && argument.Parent switch
        {
            IInvocationOperation call => IsScheduled(value, call.TargetMethod),
            IObjectCreationOperation { Constructor: { } constructor } creation =>
                IsScheduled(value, constructor) && !Schedulers.RepeatsByItself(creation),
            _ => false,
        };
        return End(isScheduled && Places.LambdaAround(value.Parent!, function.Body) is null ? ResultUse.Dropped : ResultUse.Other,
            isScheduled ? Places.StatementOf(value) : statement);
    }

    /// <summary>Whether the argument is followed into the call: combinators, extension methods, schedulers.</summary>
    private bool TryEnter(IMethodSymbol method, IArgumentOperation argument, IOperation value)
    {
        _isIgnored = TaskMethods.LetGo(method);
        if (_isIgnored)
            return true;
        if (TaskMethods.Combine(method)
            || (method.IsExtensionMethod && argument.Parameter?.Ordinal == 0 && TaskMethods.PassOn(method)))
            return true;
        if (Schedulers.TakesSequence(method) && value is IInvocationOperation)
        {
            _scheduler = method;
            return true;
        }

        var returned = (argument.Parameter?.Type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType;
        var isTask = returned?.Name is "Task" or "ValueTask" or "UniTask";
        if (isTask && IsDelegate(value) && RetryHosts.Contains(method))
        {
            _scheduler = method;
            return true;
        }

        if (!IsScheduled(value, method))
            return false;
        _isIgnored = !isTask && !_isBlocking && !IsSynchronous;
        _wrappings += isTask && Schedulers.Wraps(method) ? 1 : 0;
        return true;
    }

    /// <summary>The call itself takes as long as the iteration, so a caller that waits for the delegate waits for it.</summary>
    private bool IsSynchronous => function.Method is { IsAsync: false, ReturnsVoid: true };

    private static bool IsDelegate(IOperation value) => value is IDelegateCreationOperation
        or ILocalReferenceOperation { Type.TypeKind: TypeKind.Delegate };

    private bool IsScheduled(IOperation value, IMethodSymbol method)
    {
        if (!IsDelegate(value) || !Schedulers.Contains(method, settings))
            return false;
        _scheduler = method;
        return true;
    }

    private static IInvocationOperation? HostOf(IAnonymousFunctionOperation lambda) =>
        Places.DelegateOf(lambda).Parent is IArgumentOperation { Parent: IInvocationOperation host } ? host : null;

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
