using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>The loops that keep a background service alive.</summary>
internal static class Loops
{
    public static IEnumerable<ILoopOperation> OutermostIn(IOperation operation)
    {
        if (operation is ILocalFunctionOperation or IAnonymousFunctionOperation)
            return [];
        return operation is IWhileLoopOperation or IForLoopOperation { Condition: null } ? [(ILoopOperation)operation] : operation.ChildOperations.SelectMany(OutermostIn);
    }

    /// <summary>
    /// Whether an exception of an iteration leaves the loop unseen. Who catches it outside the loop has thought about it.
    /// </summary>
    public static bool CanDie(ILoopOperation loop) => !Handling.IsHandled(loop, until: null) && Handling.LetsThroughAny(loop.Body);
}
