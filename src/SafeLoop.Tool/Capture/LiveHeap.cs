using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace SafeLoop.Tool;

/// <summary>
/// Captures the heap of a running process as a graph: the runtime collects, walks the heap, and tells of every object what it
/// references. No debugger, no values, no file; the process stands still for one full collection and the walk.
/// </summary>
internal sealed class LiveHeap(TargetProcess target, TimeSpan limit)
{
    private const long HeapSnapshot = (long)ClrTraceEventParser.Keywords.GCHeapSnapshot;
    private const int MiB = 1024 * 1024;
    private const int LeastBuffer = 64;
    private const int MostBuffer = 8192;

    /// <param name="map">Taken before: should the process die now, its modules are known.</param>
    public Snapshot Capture(ModuleMap map)
    {
        var (events, isCutOff) = Read();
        if (events is null || events.Graph.Objects == 0)
            throw isCutOff ? EventSession.NoAnswer(target, limit) : Nothing();

        var isWhole = events.HasEnded && events.Graph.IsWhole;
        return new Snapshot(events.Graph.Build(map.Modules), new SnapshotOrigin
        {
            Name = $"process {target.Id} ({target.Name})",
            ProcessId = target.Id,
            TakenAt = TimeProvider.System.GetUtcNow(),
            Means = "heap graph",
            HeapLimit = HeapLimits.Of(target.Id, map.HardLimit),
            Pause = events.Pause,
            IsComplete = isWhole,
        });
    }

    private (HeapEvents? Events, bool IsCutOff) Read()
    {
        HeapEvents? events = null;
        using var session = EventSession.Start(target, HeapSnapshot, EventLevel.Verbose, BufferSize(), rundownKeywords: 0, limit);
        session.Process(source => events = new HeapEvents(source, ended: () => ThreadPool.QueueUserWorkItem(_ => session.Stop())));
        return (events, session.IsCutOff);
    }

    private ToolException Nothing() => new(ExitCode.Incomplete, target.IsAlive()
        ? $"Process {target.Id} ({target.Name}) sent nothing of its heap. Another tool may be looking at it; try again."
        : $"Process {target.Id} ({target.Name}) ended before its heap could be read.");

    /// <summary>
    /// The runtime keeps the whole stream until it may run on: 32 B per object and 12 B per reference, hardly more than the heap itself.
    /// It takes only what it needs, but never more than fits beside it: data lost is better than a process killed.
    /// </summary>
    private int BufferSize()
    {
        var wanted = Math.Max(256, ProcessMemory.Resident(target.Id) * 3 / 2 / MiB);
        var fits = ProcessMemory.HeadRoom(target.Id) * 4 / 5 / MiB;
        return (int)Math.Clamp(Math.Min(wanted, fits == 0 ? wanted : fits), LeastBuffer, MostBuffer);
    }
}
