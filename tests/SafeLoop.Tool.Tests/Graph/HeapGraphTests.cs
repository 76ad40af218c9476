using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Graph;

public class HeapGraphTests
{
    [Fact]
    public void An_object_of_more_than_4_GiB_counts_in_full_also_in_a_saved_graph()
    {
        const long Size = 17_179_869_208; // a long[] of the most elements there may be, nearly
        var builder = new HeapGraphBuilder();
        builder.DescribeType(1, "System.Int64[]", 0, 0, []);
        builder.AddObject(24, (ulong)Size, 1, references: 0);
        builder.AddRoot(24, RootKind.Handle);
        var graph = builder.Build(new Dictionary<ulong, HeapModule>());

        using var directory = new TemporaryDirectory();
        SavedGraph.Write(directory.File("heap.graph"),
            new Snapshot(graph, new SnapshotOrigin { Name = "drawn", Means = "drawn" }));

        Assert.Equal((Size, Size), (graph.Bytes, SavedGraph.Read(directory.File("heap.graph")).Graph.Bytes));
    }
}
