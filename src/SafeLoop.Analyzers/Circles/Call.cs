using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>One method of a type calls another.</summary>
internal sealed class Call(Function caller, IInvocationOperation operation)
{
    public Function Caller { get; } = caller;

    public IInvocationOperation Operation { get; } = operation;

    public IMethodSymbol From { get; } = Function.Whole(caller.Method);

    public IMethodSymbol To { get; } = Function.Whole(operation.TargetMethod.OriginalDefinition);
}
