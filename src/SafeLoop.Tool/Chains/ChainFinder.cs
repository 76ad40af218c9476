namespace SafeLoop.Tool;

/// <summary>
/// Finds methods whose frames are chained to each other. Read it from top to bottom: which objects are frames; which frame
/// reaches which; what hangs together; what recurs on the longest way through it; those frames alone are the chains.
/// </summary>
internal sealed class ChainFinder
{
    /// <summary>A shorter chain is an ordinary deep call, not a leak.</summary>
    public const int MinDepth = 100;

    private readonly HeapGraph _graph;
    private readonly FrameRules _rules;
    private readonly FrameGraph _frames;
    private readonly FrameWalk _walk;
    private readonly bool[] _belongs;

    private ChainFinder(HeapGraph graph, FrameRules rules)
    {
        _graph = graph;
        _rules = rules;
        _frames = FrameGraph.Of(graph, rules);
        _walk = new FrameWalk(_frames);
        _belongs = new bool[_frames.Count];
    }

    /// <param name="graph">The heap.</param>
    /// <param name="minFrames">From how many frames on it is asked what a method's chains retain:
    /// each time a walk over the heap.</param>
    /// <returns>What was found, the heaviest first, then what is too short to matter.</returns>
    public static IReadOnlyList<ChainGroup> Find(HeapGraph graph, int minFrames) =>
        Find(graph, new Retention(graph, new RootPaths(graph).Roots), minFrames);

    /// <param name="graph">The heap.</param>
    /// <param name="retention">Asked what the chains retain. Afterwards it says what they explain.</param>
    /// <param name="minFrames">The same.</param>
    public static IReadOnlyList<ChainGroup> Find(HeapGraph graph, Retention retention, int minFrames)
    {
        var found = new List<ChainGroup>();
        foreach (var rules in FrameRules.InOrder(graph))
        {
            foreach (var group in new ChainFinder(graph, rules).FindGroups(minFrames))
            {
                if (retention.IsExplained(group.Nodes))
                    continue;
                found.Add(group.Frames < minFrames ? group : group with { Retained = retention.Without(group.Nodes) });
            }
        }

        return [.. found.OrderByDescending(group => group.Retained)];
    }

    private IEnumerable<ChainGroup> FindGroups(int minFrames)
    {
        var bySet = Components()
            .GroupBy(component => string.Join(',', component.Methods.Select(method => method.Type).Order()))
            .ToLookup(same => same.Sum(component => component.Members.Length) >= minFrames);
        return from same in bySet[true].Concat(ByMostFrequent([.. bySet[false].SelectMany(same => same)]))
               let chains = ChainsOf(same)
               where chains.Frames > 0
               orderby chains.Frames descending
               select chains;
    }

    /// <summary>
    /// Chains of one method may each lead through others, too, no two through the same. What is too few by its set of methods
    /// goes by the one that has most frames in all of it, out of those that make up a good part of the chain: methods that take
    /// turns have equally many, and which is ahead is chance.
    /// </summary>
    private static IEnumerable<IEnumerable<Component>> ByMostFrequent(Component[] few)
    {
        var frames = FramesOf(few);
        return few.GroupBy(component => component.Methods
            .Where(method => method.Count * 2L >= component.Methods.Max(other => other.Count))
            .MaxBy(method => (frames[method.Type], -method.Type)).Type);
    }

    /// <summary>What hangs together and is long.</summary>
    private IEnumerable<Component> Components()
    {
        var done = new bool[_frames.Count];
        for (var frame = 0; frame < done.Length; frame++)
        {
            if (done[frame])
                continue;

            var reached = _walk.From(frame, _ => true);
            foreach (var member in reached)
                done[member] = true;
            if (reached.Length < MinDepth)
                continue;

            var members = reached.ToArray();
            var path = _walk.LongestPath(frame, _ => true);
            if (path.Length >= MinDepth)
                yield return new Component(members, RecurringOn(path));
        }
    }

    /// <summary>
    /// A method that stands on the path again and again, be it rarely: without it the path would break. One that led to
    /// it or was called last stands there once.
    /// </summary>
    private (int Type, int Count)[] RecurringOn(int[] path)
    {
        const int Again = 3;
        var counts = path.CountBy(_frames.MethodOf).ToDictionary();
        var most = counts.Values.Max();
        return [.. counts.Where(method => method.Value * 10L >= most
            || (method.Value >= Again && method.Value * 2L * MinDepth >= most)).Select(method => (method.Key, method.Value))];
    }

    private ChainGroup ChainsOf(IEnumerable<Component> components)
    {
        var methods = FramesOf(components);
        int[] own = [.. components.SelectMany(component => component.Members)
            .Where(member => methods.ContainsKey(_frames.MethodOf(member))).Order()];
        var belongs = _belongs; // to no group, between two
        foreach (var member in own)
            belongs[member] = true;

        var (frames, nodes) = (0, new List<int>());
        var depths = new List<int>();
        int[] longest = [];
        foreach (var frame in own)
        {
            if (!belongs[frame])
                continue;

            var path = _walk.LongestPath(frame, other => belongs[other]);
            foreach (var member in _walk.From(frame, other => belongs[other]))
            {
                belongs[member] = false;
                if (path.Length < MinDepth)
                    continue;
                frames++;
                _frames.Objects.AddTo(nodes, member);
            }

            if (path.Length >= MinDepth)
                depths.Add(path.Length);
            if (path.Length > longest.Length)
                longest = path;
        }

        return new ChainGroup
        {
            Kind = _rules.Kind,
            Methods =
                [.. methods.OrderByDescending(method => method.Value).ThenBy(method => method.Key).Select(method => method.Key)],
            Frames = frames,
            Nodes = [.. nodes],
            Depths = [.. depths.OrderDescending()],
            Longest = [.. longest.Select(_frames.Objects.FirstOf)],
        };
    }

    private static Dictionary<int, long> FramesOf(IEnumerable<Component> components) =>
        components.SelectMany(component => component.Methods)
            .GroupBy(method => method.Type, method => (long)method.Count).ToDictionary(same => same.Key, same => same.Sum());

    /// <summary>Frames that hang together, and the methods that recur on the longest way through them.</summary>
    private sealed record Component(int[] Members, (int Type, int Count)[] Methods);
}
