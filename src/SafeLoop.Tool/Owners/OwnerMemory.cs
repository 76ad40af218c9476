namespace SafeLoop.Tool;

/// <summary>
/// Whether this machine has the memory to compute the owners of a heap: a report without them is better than none.
/// </summary>
internal static class OwnerMemory
{
    /// <summary>The dominator tree, the paths and the sets.</summary>
    private const long BytesPerObject = Dominators.BytesPerObject + 30;
    private const long BytesPerReference = 4;

    /// <returns>Null when it has; else a sentence.</returns>
    public static string? Missing(HeapGraph graph)
    {
        var memory = GC.GetGCMemoryInfo();
        return Missing(graph, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }

    public static string? Missing(HeapGraph graph, long free)
    {
        var needed = (graph.Count * BytesPerObject) + (graph.Starts[^1] * BytesPerReference);
        return needed <= free ? null
            : "What holds the heap was not computed: "
                + $"that takes {Text.Bytes(needed)} of memory, and {Text.Bytes(free)} are free here. "
            + "Save the graph with --save and diagnose it on a machine with more.";
    }
}
