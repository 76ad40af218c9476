using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// What is known to run a delegate later. Everything else that takes a delegate may be an event, an actor, a parser
/// or a dispatcher of the user interface, where a function that names itself is no repetition.
/// </summary>
internal static class Schedulers
{
    public static bool Contains(IMethodSymbol method, AnalyzerSettings settings) => method.ContainingType switch
    {
        { Name: "Task", ContainingNamespace: var space } => IsThreading(space) && method.Name is "Run" or "ContinueWith",
        { Name: "TaskFactory", ContainingNamespace: var space } => IsThreading(space) && method.Name == "StartNew",
        { Name: "ThreadPool", ContainingNamespace: var space } =>
            IsThreading(space) && method.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem",
        { Name: "Timer" or "Thread", ContainingNamespace: var space } =>
            IsThreading(space) && method.MethodKind == MethodKind.Constructor,
        { Name: "TimeProvider" } => method.Name == "CreateTimer",
        { Name: "Device" } => method.Name == "StartTimer",
        { Name: "UniTask" } => method.Name is "Run" or "RunOnThreadPool",
        _ => false,
    } || settings.Schedulers.Any(name => name == method.Name || name == method.ContainingType?.Name + "." + method.Name);

    /// <summary>Unity's <c>StartCoroutine(Self())</c>: takes the sequence itself.</summary>
    public static bool TakesSequence(IMethodSymbol method) => method.Name == "StartCoroutine";

    /// <summary>
    /// Whether the task that the delegate returns ends up inside the task of the scheduler, still to be unwrapped.
    /// </summary>
    public static bool Wraps(IMethodSymbol method) => method.Name is "StartNew" or "ContinueWith";

    /// <summary>
    /// A timer with a period repeats by itself. Code that creates it in its own callback creates it once.
    /// </summary>
    public static bool RepeatsByItself(IObjectCreationOperation timer)
    {
        if (timer.Constructor?.ContainingType.Name != "Timer")
            return false;
        var period = timer.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "period")?.Value;
        while (period is IConversionOperation conversion)
            period = conversion.Operand;
        return period is not null
            && period.ConstantValue is not { HasValue: true, Value: -1 or 0 or -1L or 0L or uint.MaxValue or 0u }
            && period is not (IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Zero" or "Infinite" }
                or IPropertyReferenceOperation);
    }

    private static bool IsThreading(INamespaceSymbol? space) =>
        space is { Name: "Threading" } or { Name: "Tasks", ContainingNamespace.Name: "Threading" } or { Name: "Timers" };
}
