using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>The loops that keep a background service alive.</summary>
internal static class Loops
{
    public static IEnumerable<ILoopOperation> OutermostIn(IOperation operation) => Own.OperationsIn(operation, stop: IsEndless).Where(IsEndless).Cast<ILoopOperation>();

    private static bool IsEndless(IOperation operation) => operation is IWhileLoopOperation or IForLoopOperation { Condition: null };

    /// <summary>
    /// Whether an exception of an iteration leaves the loop unseen. Who catches it outside the loop has thought about it.
    /// </summary>
    public static bool CanDie(ILoopOperation loop) => !Handling.IsHandled(loop, until: null) && Handling.LetsThroughAny(loop.Body);
}
