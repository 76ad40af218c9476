using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What lets time pass: known by its name, since every platform has its own.</summary>
internal static class Delay
{
    public static bool Is(IOperation operation, AnalyzerSettings settings) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: var name } =>
            Names(name, "Delay") || Names(name, "Sleep") || Names(name, "Backoff") || Names(name, "WaitForNextTick")
                || settings.DelayNames.Any(extra => Names(name, extra)),
        IObjectCreationOperation { Type.Name: { } type } =>
            type.StartsWith("WaitForSeconds", StringComparison.Ordinal) || type.EndsWith("Timer", StringComparison.Ordinal),
        _ => false,
    };

    private static bool Names(string name, string part) => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
}
