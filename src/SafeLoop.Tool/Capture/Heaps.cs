using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Reads a heap from wherever the user says it is.</summary>
internal static class Heaps
{
    /// <param name="target">A process id or a file.</param>
    /// <param name="means">How to capture a process.</param>
    /// <param name="limit">How long a process may take to answer.</param>
    public static Snapshot Read(string target, CaptureMeans means, TimeSpan limit)
    {
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !File.Exists(target))
            return ReadProcess(TargetProcess.Find(id), means, limit);
        if (Directory.Exists(target))
            throw new ToolException(ExitCode.Failed, $"'{target}' is a directory. Name a core dump or a saved graph in it.");
        if (!File.Exists(target))
            throw new ToolException(ExitCode.Failed, $"'{target}' is neither a process id nor a file. `safeloop ps` lists processes.");
        return means == CaptureMeans.Graph
            ? ReadFile(target)
            : throw new ToolException(ExitCode.Usage, $"--dump and --attach say how to look at a process, but '{target}' is a file. Leave them out.");
    }

    private static Snapshot ReadFile(string path)
    {
        var head = new byte[16];
        using (var file = File.OpenRead(path))
            file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);

        if (SavedGraph.Is(head))
            return SavedGraph.Read(path);
        if (CoreFile.IsElf(head) || head.AsSpan().StartsWith("MDMP"u8))
            return DumpHeap.ReadFile(path);
        throw new ToolException(ExitCode.Failed, $"'{path}' is neither a core dump nor a graph saved with --save.");
    }

    /// <summary>Captures a process whose modules are known already.</summary>
    public static Snapshot Capture(TargetProcess process, ModuleMap map, TimeSpan limit)
    {
        var snapshot = new LiveHeap(process, limit).Capture(map);
        return snapshot.Origin.IsComplete || !process.IsAlive() ? snapshot : OfDumpOr(snapshot, process, snapshot.Origin.HeapLimit);
    }

    private static Snapshot ReadProcess(TargetProcess process, CaptureMeans means, TimeSpan limit)
    {
        Console.Error.WriteLine($"Process {process.Id} ({process.Name}) will stand still for {Standstill(means)}.");
        if (means == CaptureMeans.Attach)
            return DumpHeap.Attach(process);

        var map = ModuleMap.Read(process, limit);
        return means == CaptureMeans.Dump ? DumpHeap.Capture(process, HeapLimits.Of(process.Id, map.HardLimit)) : Capture(process, map, limit);
    }

    private static string Standstill(CaptureMeans means) => means switch
    {
        CaptureMeans.Dump => "as long as it takes to write its dump",
        CaptureMeans.Attach => "as long as it takes to read its memory",
        _ => "one full garbage collection",
    };

    /// <summary>A part was lost. A dump has all of it; but what is here is never thrown away for one that cannot be had.</summary>
    private static Snapshot OfDumpOr(Snapshot partial, TargetProcess process, long limit)
    {
        Console.Error.WriteLine("A part of the heap graph was lost; reading a dump instead.");
        try
        {
            return DumpHeap.Capture(process, limit);
        }
        catch (ToolException error)
        {
            Console.Error.WriteLine(error.Message);
            return partial;
        }
    }
}
