namespace SafeLoop.Tool;

/// <summary>Finds the types of values that flow with the execution context.</summary>
internal static class AmbientTypes
{
    private static readonly HashSet<string> Maps =
    [
        "OneElementAsyncLocalValueMap", "TwoElementAsyncLocalValueMap", "ThreeElementAsyncLocalValueMap",
        "FourElementAsyncLocalValueMap",
        "MultiElementAsyncLocalValueMap", "ManyElementAsyncLocalValueMap",
    ];

    public static HashSet<int> In(HeapGraph graph)
    {
        var found = new HashSet<int>();
        for (var node = 0; node < graph.Count; node++)
        {
            if (!Maps.Contains(graph.Types[graph.TypeOf[node]].Name))
                continue;

            foreach (var value in graph.ReferencesOf(node))
            {
                found.Add(graph.TypeOf[value]);
                if (graph.Types[graph.TypeOf[value]].Name.EndsWith("[]", StringComparison.Ordinal))
                {
                    foreach (var entry in graph.ReferencesOf(value))
                        found.Add(graph.TypeOf[entry]);
                }
            }
        }

        found.RemoveWhere(type => graph.Types[type].Name is "System.Threading.AsyncLocal" or "System.String");
        return found;
    }
}
