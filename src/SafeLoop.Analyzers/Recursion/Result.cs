using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Where the result of a call ends up.</summary>
internal sealed class Result(ResultUse use, IOperation end, IMethodSymbol? scheduler, bool isValueUsed)
{
    public ResultUse Use { get; } = use;

    /// <summary>The statement of the function that the result ends in.</summary>
    public IOperation End { get; } = end;

    /// <summary>What runs the call later, if it does not simply run.</summary>
    public IMethodSymbol? Scheduler { get; } = scheduler;

    /// <summary>The value of the awaited call goes on somewhere: more happens after it.</summary>
    public bool IsValueUsed { get; } = isValueUsed;

    public static Result Of(IOperation reference, Function function, AnalyzerSettings settings) =>
        new ResultTrace(function, settings).Follow(reference);
}
