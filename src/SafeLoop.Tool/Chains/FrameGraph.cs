namespace SafeLoop.Tool;

/// <summary>
/// The frames of a heap and which reaches which through helpers alone. Frames are numbered anew; links have no direction.
/// </summary>
internal sealed class FrameGraph
{
    /// <summary>A frame more than this many others reach is what they share, not the next in their chain.</summary>
    private const int Hub = 32;

    /// <summary>Between one frame and the next there are at most a handful of helpers.</summary>
    private const int MaxHelpers = 64;

    private readonly HeapGraph _graph;
    private readonly FrameRules _rules;
    private readonly int[] _starts;
    private readonly int[] _links;

    private FrameGraph(HeapGraph graph, FrameRules rules, FrameObjects objects, int[] starts, int[] links) =>
        (_graph, _rules, Objects, _starts, _links) = (graph, rules, objects, starts, links);

    public FrameObjects Objects { get; }

    public int Count => Objects.Frames;

    /// <summary>The type that stands for the frame's method.</summary>
    public int MethodOf(int frame) => _rules.Frames[_graph.TypeOf[Objects.FirstOf(frame)]];

    public ReadOnlySpan<int> LinksOf(int frame) => _links.AsSpan(_starts[frame], _starts[frame + 1] - _starts[frame]);

    public static FrameGraph Of(HeapGraph graph, FrameRules rules)
    {
        var objects = new FrameObjects(graph, rules);
        var (starts, targets) = Tabulate(FindLinks(graph, rules, objects), objects.Frames);
        return new FrameGraph(graph, rules, objects, starts, targets);
    }

    private static Chunks<(int From, int To)> FindLinks(HeapGraph graph, FrameRules rules, FrameObjects objects)
    {
        var links = new Chunks<(int, int)>();
        var seen = new List<int>();
        for (var frame = 0; frame < objects.Frames; frame++)
        {
            seen.Clear();
            seen.Add(objects.FirstOf(frame));
            for (var i = 0; i < seen.Count; i++)
            {
                foreach (var next in graph.ReferencesOf(seen[i]))
                {
                    var reached = objects.FrameOf(next);
                    if (reached >= 0 && reached != frame)
                        links.Add((frame, reached));
                    else if ((reached == frame || rules.Helpers[graph.TypeOf[next]]) && seen.Count < MaxHelpers
                        && !seen.Contains(next))
                        seen.Add(next);
                }
            }
        }

        return links;
    }

    private static (int[] Starts, int[] Targets) Tabulate(Chunks<(int From, int To)> links, int frames)
    {
        var shared = new SharedFrames(links, frames, Hub);
        var starts = new int[frames + 1];
        for (var i = 0; i < links.Count; i++)
        {
            if (shared.Carries(links[i].From, links[i].To))
            {
                starts[links[i].From + 1]++;
                starts[links[i].To + 1]++;
            }
        }

        for (var frame = 0; frame < frames; frame++)
            starts[frame + 1] += starts[frame];

        var targets = new int[starts[frames]];
        var next = starts.AsSpan(0, frames).ToArray();
        for (var i = 0; i < links.Count; i++)
        {
            var (from, to) = links[i];
            if (shared.Carries(from, to))
            {
                targets[next[from]++] = to;
                targets[next[to]++] = from;
            }
        }

        return (starts, targets);
    }
}
