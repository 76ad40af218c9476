namespace SafeLoop.Tool;

/// <summary>From the owner tree of a heap to what the report says about its owners.</summary>
internal sealed class OwnerReport
{
    /// <summary>
    /// In one capture, of the heap and in bytes: a small healthy process always has some owner of a large part.
    /// </summary>
    private const double SuspiciousShare = 0.25;
    private const long SuspiciousBytes = 64L * 1024 * 1024;

    /// <summary>Of the heap; or half of what it grew by. Less is not what fills it.</summary>
    private const double HeavyShare = 0.1;

    private const int Most = 8;

    private readonly OwnerTree _tree;
    private readonly Snapshot _snapshot;
    private readonly RootPaths _paths;
    private readonly ChainSource _source;

    public OwnerReport(Snapshot snapshot, RootPaths paths, ChainSource source)
    {
        (_snapshot, _paths, _source) = (snapshot, paths, source);
        _tree = new OwnerTree(snapshot.Graph, paths);
        Heap = OwnerNode.Of(_tree, source, snapshot.Graph.Bytes);
    }

    /// <summary>What a later capture is compared with.</summary>
    public OwnerNode Heap { get; }

    /// <param name="retention">What the chains that were found explain is not reported again.</param>
    /// <param name="findings">Those chains.</param>
    /// <param name="earlier">Reports on the same program, the oldest first.</param>
    /// <param name="landmarks">Of this heap.</param>
    public IReadOnlyList<Owner> Owners(Retention retention, IReadOnlyList<Finding> findings, IReadOnlyList<LeakReport> earlier,
        Landmarks landmarks) =>
    [
        .. OwnerFinder.Find(Heap).Select(node => (Node: node, Path: OwnerFinder.PathOf(node)))
            .Where(owner => !IsExplained(owner.Path, retention, findings))
            .Take(Most)
            .Select(owner => Describe(owner.Node, owner.Path, earlier, landmarks))
            .OrderByDescending(owner => owner.Verdict).ThenByDescending(owner => owner.RetainedBytes),
    ];

    /// <summary>
    /// It is alive because of a chain: it would go with it, or it refers to what lies between the frames, as registrations of
    /// a token refer to the promises that wait for it.
    /// </summary>
    private bool IsExplained(IReadOnlyList<OwnerNode> path, Retention retention, IReadOnlyList<Finding> findings)
    {
        int[] objects = [.. _tree.ObjectsAt(path[^1].Paths)];
        if (retention.IsExplained(objects))
            return true;
        if (objects is [var collection])
            objects = _snapshot.Graph.ReferencesOf(collection).ToArray();
        return findings.Any(finding => finding.IsOfItsSize(objects.Length)
            && (path.Any(step => finding.Between.Contains(step.Name)) || BelongTo(finding.Between, objects)));
    }

    /// <summary>Most of the objects are of one of the types, or refer to one.</summary>
    private bool BelongTo(IReadOnlyList<string> types, int[] objects)
    {
        var graph = _snapshot.Graph;
        var isOne = graph.Types.Select((_, type) => types.Contains(_source.NameOf(type))).ToArray();
        return objects.Count(node => isOne[graph.TypeOf[node]]
            || Array.Exists(graph.ReferencesOf(node).ToArray(), next => isOne[graph.TypeOf[next]])) * 2L > objects.Length;
    }

    private Owner Describe(OwnerNode node, IReadOnlyList<OwnerNode> path, IReadOnlyList<LeakReport> earlier, Landmarks landmarks)
    {
        var steps = path.Skip(1).Select(step => new OwnerStep(step.Name, step.Count, step.Bytes, step.IsUsers)).ToArray();
        var (root, isUsersRoot) = path[0].Name == RootNames.Stack ? StackOf(path[1]) : (path[0].Name, path[0].IsUsers);
        var owner = new Owner
        {
            Verdict = Verdict.Nothing,
            Line = OwnerLine.Of(root, steps, node.Path.Count - 2),
            Root = root,
            Steps = steps,
            RetainedBytes = node.Bytes,
            RetainedShare = (double)node.Bytes / Math.Max(1, Heap.Bytes),
            IsOfTheUser = isUsersRoot || path.Skip(1).Any(step => step.IsUsers),
            IsLowerBound = !_snapshot.Origin.IsComplete,
            Growth = GrowthOf(node, path, earlier, landmarks),
        };
        return owner with { Verdict = Judge(owner), Shape = OwnerShapes.Of(owner, path) };
    }

    /// <summary>The method whose variable begins the path; of several objects, if it is the same one.</summary>
    private (string Name, bool IsUsers) StackOf(OwnerNode first)
    {
        var roots = _tree.ObjectsAt(first.Paths).Where(node => _paths.Before(node) < 0).Select(_paths.RootOf)
            .DistinctBy(root => root.Name).Take(2).ToArray();
        return roots is [var root] ? (RootNames.Of(root), _source.IsOfTheUser(root)) : (RootNames.Stack, true);
    }

    private OwnerGrowth? GrowthOf(OwnerNode node, IReadOnlyList<OwnerNode> path, IReadOnlyList<LeakReport> earlier,
        Landmarks landmarks) =>
        earlier.Count == 0 || earlier.Any(report => report.OwnerTree is null) ? null : new OwnerGrowth(
        [.. earlier.Select(report => node.BytesIn(report.OwnerTree!)), node.BytesIn(Heap)],
        Heap.Bytes - earlier[0].Bytes,
        (_snapshot.Origin.TakenAt - earlier[0].Origin.TakenAt).TotalSeconds,
        [.. earlier.Select(report => Survivors.Comparable(
            Survivors.Share(path, _tree, _snapshot.Graph, report.OwnerTree!), report, _snapshot.Origin, landmarks))])
        {
            OldSurvived = Survivors.Comparable(
                Survivors.ShareOfOld(path, _tree, _snapshot.Graph, [.. earlier.Select(report => report.OwnerTree!)]),
                earlier[^1],
                _snapshot.Origin,
                landmarks),
            Times = [.. earlier.Select(report => report.Origin.TakenAt), _snapshot.Origin.TakenAt],
        };

    /// <summary>
    /// One look sees how much, never that it grows. Two see growth, which a cache that warms up shows as well. Three distinguish
    /// them, unless what was there has been replaced: work in flight grows three times by chance, one time in six.
    /// Six times it does so once in 720.
    /// </summary>
    private static Verdict Judge(Owner owner)
    {
        const int Enough = 3, Beyond = 6;
        var isLarge = owner is { IsOfTheUser: true, RetainedShare: >= SuspiciousShare, RetainedBytes: >= SuspiciousBytes };
        return owner.Growth switch
        {
            null => isLarge && owner.Root != RootNames.Finalizer ? Verdict.Suspicious : Verdict.Nothing,
            { IsGrowing: false } or { IsTurnover: true, Bytes.Count: < Beyond } => Verdict.Nothing,
            { Bytes.Count: >= Enough } growth when (owner.RetainedShare >= HeavyShare || growth.More * 2 >= growth.HeapMore)
                && (!growth.IsSlowing || growth.Bytes.Count >= Beyond) => Verdict.Leak,
            _ => isLarge ? Verdict.Suspicious : Verdict.Nothing,
        };
    }
}
