using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Methods that run a delegate, perhaps more than once, and wait for it: pipelines and policies, and helpers
/// named after a retry.</summary>
internal static class RetryHosts
{
    private static readonly string[] Types = ["Pipeline", "Policy", "Retry", "Resilien", "ExecutionStrategy"];

    public static bool Contains(IMethodSymbol method) =>
        method.Name.IndexOf("Retry", StringComparison.Ordinal) >= 0
        || (method.Name.StartsWith("Execute", StringComparison.Ordinal) && method.ContainingType is { } type
            && Types.Any(part => type.Name.IndexOf(part, StringComparison.Ordinal) >= 0));
}
