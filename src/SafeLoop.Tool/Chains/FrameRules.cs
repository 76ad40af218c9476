namespace SafeLoop.Tool;

/// <summary>
/// What counts as a frame in one search, and through which objects one frame may reach the next. Both are closed lists: a user's
/// own objects are never walked through, so a queue, a list or an actor of the user's does not look like a chain.
/// </summary>
/// <param name="Kind">What is searched for.</param>
/// <param name="Frames">By type: the type that stands for the frame's method, -1 if objects of that type are no frames.</param>
/// <param name="Helpers">By type: whether the way from one frame to the next may lead through it.</param>
internal sealed record FrameRules(ChainKind Kind, int[] Frames, bool[] Helpers)
{
    private static readonly HashSet<string> Promises =
    [
        "System.Threading.Tasks.Task", "System.Threading.Tasks.UnwrapPromise", "WhenAllPromise", "TwoTaskWhenAnyPromise",
        "CompleteOnInvokePromise",
        "CancellationPromise", "System.Threading.Tasks.ContinuationTaskFromTask",
        "System.Threading.Tasks.ContinuationTaskFromResultTask",
        "System.Threading.Tasks.ContinuationResultTaskFromTask", "System.Threading.Tasks.ContinuationResultTaskFromResultTask",
    ];

    private static readonly HashSet<string> Plumbing =
    [
        "System.Threading.Tasks.TaskCompletionSource", "System.Threading.Tasks.ContinueWithTaskContinuation",
        "System.Threading.Tasks.AwaitTaskContinuation",
        "System.Threading.Tasks.TaskSchedulerAwaitTaskContinuation",
        "System.Threading.Tasks.SynchronizationContextAwaitTaskContinuation",
        "ValueTaskSourceAsTask", "ContinuationWrapper", "System.Action", "System.Func", "System.AsyncCallback",
    ];

    /// <summary>
    /// In the order in which they explain a heap: what an earlier search has found holds what a later one would find again.
    /// </summary>
    public static IEnumerable<FrameRules> InOrder(HeapGraph graph)
    {
        var methods = Each(graph, (type, i) => IsBox(type) ? StateMachineOf(type, i) : IsStateMachine(type) ? i : -1);
        var promises = Each(graph, (type, i) => Promises.Contains(type.Name) ? i : -1);
        var closures = Each(graph, (type, i) => IsClosure(type) ? i : -1);
        var plumbing = Each(graph, (type, i) => Plumbing.Contains(type.Name) || promises[i] >= 0);

        yield return new(ChainKind.Methods, methods, Each(graph, (type, i) => plumbing[i] || closures[i] >= 0));
        yield return new(ChainKind.Closures, closures, plumbing);
        yield return new(ChainKind.Promises, promises, plumbing);
        yield return new(
            ChainKind.AttachedTasks,
            Each(graph, (type, i) => type.Name == "System.Threading.Tasks.Task" ? i : -1),
            Each(graph, (type, _) => type.Name == "ContingentProperties"));

        var ambient = AmbientTypes.In(graph);
        yield return new(ChainKind.AmbientValues, Each(graph, (_, i) => ambient.Contains(i) ? i : -1),
            new bool[graph.Types.Length]);
    }

    /// <summary>
    /// The heap object an async method becomes once it has to wait. Its last type argument is the compiler's state machine: a
    /// struct within the box in optimised code, an object of its own in unoptimised code and of async iterators.
    /// </summary>
    public static bool IsBox(HeapType type) => IsBox(type.Name);

    public static bool IsBox(string typeName) =>
        typeName is "AsyncStateMachineBox" or "StateMachineBox" or "DebugFinalizableAsyncStateMachineBox";

    private static int StateMachineOf(HeapType box, int itself) =>
        box.Arguments.Length > 0 && box.Arguments[^1] >= 0 ? box.Arguments[^1] : itself;

    /// <summary><c>&lt;Name&gt;d__5</c>, of a lambda <c>&lt;&lt;Name&gt;b__5&gt;d</c>.</summary>
    private static bool IsStateMachine(HeapType type) => type.Name.StartsWith('<')
        && (type.Name.Contains(">d__", StringComparison.Ordinal) || type.Name.EndsWith(">d", StringComparison.Ordinal));

    private static bool IsClosure(HeapType type) => type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal);

    private static TValue[] Each<TValue>(HeapGraph graph, Func<HeapType, int, TValue> of) => [.. graph.Types.Select(of)];
}
