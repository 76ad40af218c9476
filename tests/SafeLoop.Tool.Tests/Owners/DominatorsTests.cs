namespace SafeLoop.Tool.Tests.Owners;

/// <summary>Against the definition: an object retains what no root reaches once it is taken away.</summary>
public class DominatorsTests
{
    private const int Heaps = 3_000;

    [Fact]
    public void What_an_object_retains_is_what_goes_with_it()
    {
        for (var seed = 0; seed < Heaps; seed++)
        {
            var graph = Drawn(new Random(seed));
            var roots = new RootPaths(graph).Roots;
            var retained = RetainedBy(new Dominators(graph, roots), graph);

            for (var node = 0; node < graph.Count; node++)
            {
                var expected = graph.Bytes - BytesWithout(graph, roots, node);
                Assert.True(expected == retained[node],
                    $"Heap {seed}, object {node}: {retained[node]} B, but {expected} B go with it.");
            }
        }
    }

    [Fact]
    public void A_chain_of_a_million_objects_overflows_no_stack()
    {
        const int Length = 1_000_000;
        var graph = Heap(Length, [.. Enumerable.Range(0, Length).Select(i => i + 1 < Length ? new[] { i + 1 } : [])], [0]);

        Assert.Equal(graph.Bytes, RetainedBy(new Dominators(graph, graph.Roots), graph)[0]);
    }

    [Fact]
    public void Of_an_empty_heap_there_is_nothing_to_say()
    {
        var dominators = new Dominators(Heap(0, [], []), []);

        Assert.Equal([-1], dominators.Objects);
    }

    /// <summary>
    /// Sparse and dense ones, with one root or many, with rings that have none, references to itself, and the same one
    /// twice.
    /// </summary>
    private static HeapGraph Drawn(Random random)
    {
        var count = random.Next(1, 14);
        var references = random.Next(0, 3 * count);
        var edges = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < references; i++)
            edges[random.Next(count)].Add(random.Next(count));
        return Heap(count, [.. edges.Select(targets => targets.ToArray())],
            [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(count))]);
    }

    private static HeapGraph Heap(int count, int[][] edges, int[] roots) => new()
    {
        Types = [new HeapType("App.Node", -1, 0, [])],
        Modules = [],
        TypeOf = new int[count],
        Sizes = [.. Enumerable.Range(0, count).Select(i => 1L << (i % 40))],
        Starts = [0, .. Ends(edges)],
        Targets = [.. edges.SelectMany(one => one)],
        Roots = [.. roots.Select(root => new HeapRoot(root, RootKind.Handle))],
    };

    private static IEnumerable<int> Ends(int[][] edges)
    {
        var end = 0;
        foreach (var one in edges)
            yield return end += one.Length;
    }

    private static long[] RetainedBy(Dominators dominators, HeapGraph graph)
    {
        var byNumber = new long[dominators.Objects.Length];
        var retained = new long[graph.Count];
        for (var number = byNumber.Length - 1; number > 0; number--)
        {
            var node = dominators.Objects[number];
            retained[node] = byNumber[number] += graph.Sizes[node];
            byNumber[dominators.Parents[number]] += byNumber[number];
        }

        return retained;
    }

    private static long BytesWithout(HeapGraph graph, IReadOnlyList<HeapRoot> roots, int removed)
    {
        var reached = new HashSet<int>();
        var waiting = new Stack<int>(roots.Select(root => root.Node));
        while (waiting.TryPop(out var node))
        {
            if (node == removed || !reached.Add(node))
                continue;
            foreach (var next in graph.ReferencesOf(node))
                waiting.Push(next);
        }

        return reached.Sum(node => graph.Sizes[node]);
    }
}
