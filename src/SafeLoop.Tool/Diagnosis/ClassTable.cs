namespace SafeLoop.Tool;

/// <summary>Objects by class, the heaviest first.</summary>
internal static class ClassTable
{
    public static IEnumerable<ClassCount> Of(HeapGraph graph, ChainSource source)
    {
        var counts = new int[graph.Types.Length];
        var bytes = new long[graph.Types.Length];
        for (var node = 0; node < graph.Count; node++)
        {
            counts[graph.TypeOf[node]]++;
            bytes[graph.TypeOf[node]] += graph.Sizes[node];
        }

        return from type in Enumerable.Range(0, counts.Length)
               where counts[type] > 0
               orderby bytes[type] descending
               select new ClassCount(NameOf(graph, source, type), ModuleOf(graph, type), counts[type], bytes[type]);
    }

    /// <summary>For a box, the name of its method says more than its own name.</summary>
    private static string NameOf(HeapGraph graph, ChainSource source, int type)
    {
        var heapType = graph.Types[type];
        return FrameRules.IsBox(heapType) && heapType.Arguments is [.., >= 0 and var machine]
            ? $"{source.NameOf(machine)} (frame)"
            : source.NameOf(type);
    }

    private static string ModuleOf(HeapGraph graph, int type)
    {
        if (FrameRules.IsBox(graph.Types[type]) && graph.Types[type].Arguments is [.., >= 0 and var machine])
            type = machine;
        return graph.Types[type].Module is >= 0 and var module ? Path.GetFileName(graph.Modules[module].Path) : "";
    }
}
