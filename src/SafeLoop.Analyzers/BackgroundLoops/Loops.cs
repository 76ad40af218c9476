using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>The loops that keep a background service alive.</summary>
internal static class Loops
{
    public static IEnumerable<ILoopOperation> OutermostIn(IOperation operation) =>
        Own.OperationsIn(operation, stop: IsEndless).Where(IsEndless).Cast<ILoopOperation>();

    private static bool IsEndless(IOperation operation) =>
        operation is IWhileLoopOperation or IForLoopOperation { Condition: null };

    /// <summary>
    /// One handler round the whole loop, after which nothing begins it again and nothing says that the service has ended.
    /// </summary>
    public static bool EndsSilently(ILoopOperation loop) =>
        Handling.HandlersAround(loop).FirstOrDefault() is { } handler && Handling.LetsThroughAny(loop.Body)
        && !handler.Handler.Descendants().Any(Ends) && !IsInLoop(handler);

    /// <summary>Thrown on, or the end of the host or the process.</summary>
    private static bool Ends(IOperation operation) =>
        operation is IThrowOperation or IInvocationOperation { TargetMethod.Name: "StopApplication" or "Exit" or "FailFast"
            or "StopAsync" };

    private static bool IsInLoop(IOperation operation)
    {
        for (var place = operation.Parent; place is not null; place = place.Parent)
        {
            if (place is ILoopOperation)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether an exception of an iteration leaves the loop unseen. Who catches it outside the loop has thought about it.
    /// </summary>
    public static bool CanDie(ILoopOperation loop) =>
        !Handling.IsHandled(loop, until: null) && Handling.LetsThroughAny(loop.Body);
}
