using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace SafeLoop.Tool;

/// <summary>
/// Captures the heap of a running process as a graph: the runtime collects, walks the heap, and lists for every object what it
/// references. No debugger, no values, no file; the process stands still for one full collection and the walk.
/// </summary>
internal sealed class LiveHeap(TargetProcess target, TimeSpan limit)
{
    /// <summary>The heap has been captured. Waiting longer for the names of some modules would delay the report.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const long HeapSnapshot = (long)ClrTraceEventParser.Keywords.GCHeapSnapshot;

    /// <param name="map">Taken before: should the process die now, its modules are known.</param>
    /// <param name="bufferMegabytes">How much the runtime may hold back; what does not fit is lost.</param>
    public Snapshot Capture(ModuleMap map, int bufferMegabytes)
    {
        var (events, isCutOff) = Read(bufferMegabytes);
        if (events is null || events.Graph.Objects == 0)
            throw isCutOff ? EventSession.NoAnswer(target, limit) : Nothing();

        var isWhole = events.IsWhole; // building empties it
        map = WithLater(map, events.Graph);

        // The process runs on: while it lists its methods, the graph is built.
        var methods = events.Graph.Methods;
        var stacks = Task.Run(() => StackNames.Read(target, methods, limit < Patience ? limit : Patience));
        using var progress = Progress.Begin("Building the graph");
        var graph = events.Graph.Build(map.Modules);
        StaticNames.Complete(graph, target.Id);
        StackNames.Complete(graph, stacks.GetAwaiter().GetResult(), map.Modules);
        return new Snapshot(graph, new SnapshotOrigin
        {
            Name = $"process {target.Id} ({target.Name})",
            ProcessId = target.Id,
            Started = ProcessStart.Of(target),
            TakenAt = TimeProvider.System.GetUtcNow(),
            Means = "heap graph",
            HeapLimit = HeapLimits.Of(target.Id, map.HardLimit),
            Pause = events.Pause,
            IsComplete = isWhole,
        });
    }

    /// <summary>
    /// Adds the modules loaded since the map was taken. For a process that has died meanwhile the first map suffices.
    /// </summary>
    private ModuleMap WithLater(ModuleMap map, HeapGraphBuilder graph)
    {
        if (graph.IsOf(map.Modules) || !target.IsAlive())
            return map;

        try
        {
            return map.With(ModuleMap.Read(target, limit < Patience ? limit : Patience));
        }
        catch (ToolException)
        {
            return map;
        }
    }

    private (HeapEvents? Events, bool IsCutOff) Read(int bufferMegabytes)
    {
        HeapEvents? events = null;
        using var session =
            EventSession.Start(target, HeapSnapshot, EventLevel.Informational, bufferMegabytes, rundownKeywords: 0, limit);

        // The runtime answers once the collection is over. Its end is not waited for in the stream:
        // what is lost may be just that.
        ThreadPool.QueueUserWorkItem(_ => session.Stop());
        using var progress = Progress.Begin("Reading the heap", () => events?.Graph.Objects ?? 0);
        session.Process(source => events = new HeapEvents(source));
        return (events, session.IsCutOff);
    }

    private ToolException Nothing() => new(ExitCode.Incomplete, target.IsAlive()
        ? $"Process {target.Id} ({target.Name}) sent nothing of its heap. Another tool may be looking at it; try again."
        : $"Process {target.Id} ({target.Name}) ended before its heap could be read.");
}
