using Microsoft.CodeAnalysis;

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
        { Name: "ThreadPool", ContainingNamespace: var space } => IsThreading(space) && method.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem",
        { Name: "Timer" or "Thread", ContainingNamespace: var space } => IsThreading(space) && method.MethodKind == MethodKind.Constructor,
        { Name: "TimeProvider" } => method.Name == "CreateTimer",
        { Name: "Device" } => method.Name == "StartTimer",
        { Name: "UniTask" } => method.Name is "Run" or "RunOnThreadPool",
        _ => false,
    } || settings.Schedulers.Any(name => name == method.Name || name == method.ContainingType?.Name + "." + method.Name);

    /// <summary>Unity's <c>StartCoroutine(Self())</c>: takes the sequence itself.</summary>
    public static bool TakesSequence(IMethodSymbol method) => method.Name == "StartCoroutine";

    /// <summary>Whether the task that the delegate returns ends up inside the task of the scheduler, still to be unwrapped.</summary>
    public static bool Wraps(IMethodSymbol method) => method.Name is "StartNew" or "ContinueWith";

    private static bool IsThreading(INamespaceSymbol? space) =>
        space is { Name: "Threading" } or { Name: "Tasks", ContainingNamespace.Name: "Threading" } or { Name: "Timers" };
}
