using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Methods that take a task and say what becomes of it.</summary>
internal static class TaskMethods
{
    /// <summary>The same task in other clothes.</summary>
    public static bool PassOn(IMethodSymbol method) =>
        method.Name is "ConfigureAwait" or "AsTask" or "Preserve" or "WaitAsync" or "Unwrap" or "WithCancellation"
            or "AttachExternalCancellation" or "SuppressCancellationThrow";

    /// <summary>A task that ends after it.</summary>
    public static bool Continue(IMethodSymbol method) => method is { Name: "ContinueWith", ContainingType.Name: "Task" };

    /// <summary>Waited for by a thread.</summary>
    public static bool Block(IMethodSymbol method) => method is { Name: "Wait", ContainingType.Name: "Task" }
        || (method.Name == "GetResult" && method.ContainingType?.Name.EndsWith("Awaiter", StringComparison.Ordinal) == true);

    /// <summary>One task of several.</summary>
    public static bool Combine(IMethodSymbol method) => method.Name is "WhenAll" or "WhenAny";

    /// <summary>The task is not awaited.</summary>
    public static bool LetGo(IMethodSymbol method) => method.Name is "Forget" or "FireAndForget" or "SafeFireAndForget";
}
