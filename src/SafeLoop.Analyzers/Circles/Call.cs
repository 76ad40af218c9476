using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>One method of a type calls another.</summary>
internal sealed class Call(Function caller, IInvocationOperation operation, IMethodSymbol to)
{
    public Function Caller { get; } = caller;

    public IInvocationOperation Operation { get; } = operation;

    public IMethodSymbol From { get; } = Function.Whole(caller.Method);

    /// <summary>The method that is called, or the handler of the event that is raised.</summary>
    public IMethodSymbol To { get; } = Function.Whole(to.OriginalDefinition);
}
