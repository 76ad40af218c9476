using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Reading the time in a condition: a deadline.</summary>
internal static class Clock
{
    public static bool IsRead(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: var name, ContainingType.Name: "DateTime" or "DateTimeOffset"
            or "Stopwatch" or "Environment" } } =>
            name is "Now" or "UtcNow" or "Elapsed" or "ElapsedMilliseconds" or "ElapsedTicks" or "TickCount" or "TickCount64",
        IInvocationOperation { TargetMethod: { Name: var name, ContainingType.Name: "TimeProvider" or "Stopwatch" } } =>
            name is "GetUtcNow" or "GetLocalNow" or "GetTimestamp" or "GetElapsedTime",
        _ => false,
    };
}
