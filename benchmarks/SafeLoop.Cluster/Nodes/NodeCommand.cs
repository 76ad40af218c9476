namespace SafeLoop.Cluster.Nodes;

/// <summary>What a process is asked on its standard input. It answers with a line each.</summary>
internal static class NodeCommand
{
    /// <summary>The bytes in use, once all garbage has been collected.</summary>
    public const string Heap = "heap";

    /// <summary>Adds the keys, where they do not come by themselves.</summary>
    public const string AddKeys = "keys";

    /// <summary>Keeps all cores busy for so many seconds, and answers at once.</summary>
    public const string Burn = "burn";

    /// <summary>What the process writes first, once it has started, and after a command without another answer.</summary>
    public const string Done = "done";
}
