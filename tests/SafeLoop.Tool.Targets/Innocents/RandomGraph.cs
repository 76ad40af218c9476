namespace Targets.Innocents;

/// <summary>
/// So many objects, a tree scattered over the heap, each with a reference to any other: what is hardest to find dominators in.
/// </summary>
internal sealed class RandomGraph : ITarget
{
    private static Node? _first;

    public Task RunAsync(Work work)
    {
        var nodes = new Node[work.Count];
        var random = new Random(1);
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = new Node();
        random.Shuffle(nodes);
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i].Left = At(nodes, (2 * i) + 1);
            nodes[i].Right = At(nodes, (2 * i) + 2);
            nodes[i].Other = nodes[random.Next(nodes.Length)];
        }

        _first = nodes[0];
        Work.Ready();
        return Task.CompletedTask;
    }

    private static Node? At(Node[] nodes, int i) => i < nodes.Length ? nodes[i] : null;

    private sealed class Node
    {
        public Node? Left { get; set; }

        public Node? Right { get; set; }

        public Node? Other { get; set; }
    }
}
