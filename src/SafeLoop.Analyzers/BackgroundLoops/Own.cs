using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>The code of a function without that of functions inside it.</summary>
internal static class Own
{
    /// <param name="body">Where to begin.</param>
    /// <param name="stop">What to give, but not to look into.</param>
    public static IEnumerable<IOperation> OperationsIn(IOperation body, Func<IOperation, bool>? stop = null)
    {
        var open = new Stack<IOperation>();
        open.Push(body);
        while (open.Count > 0)
        {
            var operation = open.Pop();
            if (operation is ILocalFunctionOperation or IAnonymousFunctionOperation)
                continue;
            yield return operation;
            if (stop?.Invoke(operation) == true)
                continue;
            foreach (var child in operation.ChildOperations.Reverse())
                open.Push(child);
        }
    }
}
