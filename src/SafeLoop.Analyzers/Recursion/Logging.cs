using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What only ends up in a log decides nothing.</summary>
internal static class Logging
{
    private static readonly string[] Names = ["Log", "Trace", "Debug", "Print", "Write", "Info", "Warn", "Error"];

    public static bool IsAllUseOf(IParameterSymbol parameter, IOperation body) => body.Descendants()
        .Where(operation => operation is IParameterReferenceOperation use
            && SymbolEqualityComparer.Default.Equals(use.Parameter, parameter)).All(IsLogged);

    private static bool IsLogged(IOperation use)
    {
        for (var child = use; child.Parent is { } parent; child = parent)
        {
            if (parent is IExpressionStatementOperation)
                return IsLog(parent);
            if (parent is IConditionalOperation { Type: null } choice)
                return child == choice.Condition && IsLog(choice.WhenTrue)
                    && (choice.WhenFalse is null || IsLog(choice.WhenFalse));
            if (parent is IBlockOperation)
                return false;
        }

        return false;
    }

    private static bool IsLog(IOperation statement) => statement switch
    {
        IBlockOperation block => block.Operations.All(IsLog),
        IExpressionStatementOperation { Operation: IInvocationOperation { TargetMethod.Name: var name } } =>
            Names.Any(log => name.StartsWith(log, StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };
}
