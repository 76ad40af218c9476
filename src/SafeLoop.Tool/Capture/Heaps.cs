using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Reads a heap from wherever the user says it is.</summary>
internal static class Heaps
{
    /// <summary>To write a dump takes so many times as long as to answer.</summary>
    public const int Writing = 10;

    /// <param name="target">A process id or a file.</param>
    /// <param name="means">How to capture a process.</param>
    /// <param name="limit">How long a process may take to answer.</param>
    /// <param name="mostMegabytes">The most a process may hold back; null for what suits it.</param>
    public static Snapshot Read(string target, CaptureMeans means, TimeSpan limit, int? mostMegabytes = null)
    {
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !File.Exists(target))
            return ReadProcess(TargetProcess.Find(id), means, limit, mostMegabytes);
        if (Directory.Exists(target))
            throw new ToolException(ExitCode.Failed, $"'{target}' is a directory. Name a core dump or a saved graph in it.");
        if (SpecialFile.Is(target))
            throw new ToolException(ExitCode.Failed, $"'{target}' is a device or a pipe. Name a core dump or a saved graph.");
        if (!File.Exists(target))
            throw new ToolException(
                ExitCode.Failed, $"'{target}' is neither a process id nor a file. `safeloop ps` lists processes.");
        return means == CaptureMeans.Graph
            ? ReadFile(target)
            : throw new ToolException(
                ExitCode.Usage, $"--dump and --attach say how to look at a process, but '{target}' is a file. Leave them out.");
    }

    private static Snapshot ReadFile(string path)
    {
        var head = new byte[16];
        using (var file = File.OpenRead(path))
            file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);

        if (SavedGraph.Is(head))
            return SavedGraph.Read(path);
        if (SavedGraph.IsOutdated(head))
            throw new ToolException(ExitCode.Failed,
                $"'{path}' was saved by another version of safeloop, which recorded other things about a heap. Save it again.");
        if (CoreFile.IsElf(head) || head.AsSpan().StartsWith("MDMP"u8))
            return DumpHeap.ReadFile(path);
        throw new ToolException(ExitCode.Failed, $"'{path}' is neither a core dump nor a graph saved with --save.");
    }

    /// <summary>
    /// Captures a process whose modules are known already. If a part of the graph is lost it is asked once more with all
    /// the buffer there may be, then for a dump.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <param name="map">Its modules.</param>
    /// <param name="limit">How long it may take to answer.</param>
    /// <param name="mostMegabytes">The most it may hold back; null for what suits it.</param>
    public static Snapshot Capture(TargetProcess process, ModuleMap map, TimeSpan limit, int? mostMegabytes = null) =>
        Capture(process, map, limit, () => GraphBuffer.For(process.Id, mostMegabytes));

    /// <param name="process">The process.</param>
    /// <param name="map">Its modules.</param>
    /// <param name="limit">How long it may take to answer.</param>
    /// <param name="buffer">Asked again before the second time: a process that leaks has less room by then.</param>
    public static Snapshot Capture(TargetProcess process, ModuleMap map, TimeSpan limit, Func<GraphBuffer> buffer)
    {
        var heap = new LiveHeap(process, limit);
        var first = buffer().First;
        var snapshot = heap.Capture(map, first);
        if (IsLost() && buffer().Most is var most && most > first)
            snapshot = Better(snapshot, $"A part of the heap graph did not fit into {first} MiB and was lost; "
                + $"asking once more with {most} MiB.", () => heap.Capture(map, most));
        if (IsLost())
            snapshot = Better(snapshot, "A part of the heap graph was lost; reading a dump instead.",
                () => DumpHeap.Capture(process, snapshot.Origin.HeapLimit, limit * Writing));
        return snapshot;

        bool IsLost() => !snapshot.Origin.IsComplete && process.IsAlive();
    }

    private static Snapshot ReadProcess(TargetProcess process, CaptureMeans means, TimeSpan limit, int? mostMegabytes)
    {
        var resident = ProcessMemory.Resident(process.Id);
        Console.Error.WriteLine($"Process {process.Id} ({process.Name}) will stand still for {Standstill.Of(means, resident)}.");
        if (means == CaptureMeans.Attach)
            return DumpHeap.Attach(process);

        var map = ModuleMap.Read(process, limit);
        if (means == CaptureMeans.Dump)
            return DumpHeap.Capture(process, HeapLimits.Of(process.Id, map.HardLimit), limit * Writing);

        var snapshot = Capture(process, map, limit, mostMegabytes);
        if (Standstill.ErrorOf(snapshot.Origin.Pause, resident) is { } error)
            Console.Error.WriteLine(error);
        return snapshot;
    }

    /// <summary>What is here is never thrown away for what cannot be had.</summary>
    private static Snapshot Better(Snapshot partial, string sentence, Func<Snapshot> again)
    {
        Console.Error.WriteLine(sentence);
        try
        {
            var other = again();
            return other.Origin.IsComplete || other.Graph.Count > partial.Graph.Count ? other : partial;
        }
        catch (ToolException error)
        {
            Console.Error.WriteLine(error.Message);
            return partial;
        }
    }
}
