namespace SafeLoop.Tool;

/// <summary>From a heap to a report.</summary>
internal static class Diagnoser
{
    /// <summary>Fewer chained frames than this do not count as a leak.</summary>
    public const int DefaultMinFrames = 5000;

    /// <summary>Fewer are no chain.</summary>
    public const int LeastFrames = ChainFinder.MinDepth;

    /// <summary>Of the heap; a chain that holds less is not what fills it.</summary>
    private const double HeavyShare = 0.1;

    private const int Classes = 15;

    /// <param name="snapshot">The heap.</param>
    /// <param name="minFrames">Methods with fewer chained frames are not reported.</param>
    /// <param name="captures">Reports on the same program some time before, the oldest first: with them, only what grew
    /// counts.</param>
    public static LeakReport Diagnose(Snapshot snapshot, int minFrames = DefaultMinFrames,
        IReadOnlyList<LeakReport>? captures = null)
    {
        var (graph, earlier) = (snapshot.Graph, captures ?? []);
        using var source = new ChainSource(graph, snapshot.Origin.ProcessId);
        using var progress = Progress.Begin("Looking for what holds the heap");
        var (heap, landmarks) = (graph.Bytes, new Landmarks(graph));
        var paths = new RootPaths(graph);
        var retention = new Retention(graph, paths.Roots);
        var all = ChainFinder.Find(graph, retention, minFrames);
        var findings = all.Where(chains => chains.Frames >= minFrames)
            .Select(chains => Describe(snapshot, source, chains, heap, earlier, landmarks)).ToArray();
        var tooLarge = OwnerMemory.Missing(graph);
        var owners = tooLarge is null ? new OwnerReport(snapshot, paths, source) : null;
        var found = owners?.Owners(retention, findings, earlier, landmarks) ?? [];

        return new LeakReport
        {
            Verdict = findings.Select(finding => finding.Verdict).Concat(found.Select(owner => owner.Verdict))
                .DefaultIfEmpty().Max(),
            Origin = snapshot.Origin,
            Captures = earlier.Count + 1,
            Objects = graph.Count,
            Bytes = heap,
            Findings =
                [.. findings.OrderByDescending(finding => finding.Verdict).ThenByDescending(finding => finding.RetainedBytes)],
            Owners = found,
            OwnerTree = owners?.Heap,
            Landmarks = landmarks,
            Classes = [.. ClassTable.Of(graph, source).Take(Classes)],
            Trend = earlier.Count == 0 ? []
                : [.. earlier.Select(report => PointOf(report.Origin, report.Bytes)), PointOf(snapshot.Origin, heap)],
            Notes =
            [
                .. Notes(snapshot, source, all.Where(chains => chains.Frames < minFrames)), .. OwnerSentences.Notes(found),
                .. tooLarge is null ? [] : new[] { tooLarge },
            ],
        };
    }

    private static TrendPoint PointOf(SnapshotOrigin origin, long heap) =>
        new(origin.TakenAt, heap, GcPauseRatio: 0, Gen2Collections: 0);

    private static Finding Describe(Snapshot snapshot, ChainSource source, ChainGroup chains, long heap,
        IReadOnlyList<LeakReport> earlier, Landmarks landmarks)
    {
        var methods = source.MethodsOf(chains);
        var shape = ChainShape.Of(snapshot.Graph, chains);
        var finding = new Finding
        {
            Verdict = Verdict.Suspicious,
            Kind = chains.Kind,
            Methods = methods,
            FrameTypes = [.. chains.Methods.Select(source.NameOf)],
            AwaitsItself = methods.Any(method => method.CallsItself && !method.IsByElimination),
            Frames = chains.Frames,
            Chains = chains.Depths.Length,
            Depth = chains.Depths[0],
            MedianDepth = chains.Depths[chains.Depths.Length / 2],
            RetainedBytes = chains.Retained,
            RetainedShare = (double)chains.Retained / Math.Max(1, heap),
            IsLowerBound = !snapshot.Origin.IsComplete,
            HeldBy = [.. shape.HeldBy.Select(source.NameOf)],
            Between = [.. shape.Between.Select(source.NameOf)],
            Excerpt = methods.FirstOrDefault(method => method.Recursion is not null) is { } recursing
                ? source.ExcerptOf(recursing)
                : [],
            Cure = Cures.For(chains.Kind, methods),
            Places = Survivors.PlacesOf(snapshot.Graph, chains.Nodes),
        };
        finding = finding with { Growth = GrowthOf(finding, snapshot, chains.Nodes, earlier, landmarks) };
        return finding with { Verdict = Judge(finding, source.IsAmbient(chains)) };
    }

    /// <summary>
    /// Accuses only on depth (there is a finding) and either weight together with proof, or growth that was seen. What
    /// several captures did not see grow is no leak, whatever it is. Neither is recursion that ends and begins again.
    /// </summary>
    private static Verdict Judge(Finding finding, bool isAmbient)
    {
        if (finding.Growth is { FramesMore: <= 0 })
            return Verdict.Nothing;
        if (finding.Growth is { IsTurnover: true })
            return Verdict.Suspicious;

        // Ambient values and attached tasks hold each other by what they are; for code, only the IL is proof.
        var isProven = finding.Methods.Any(method => method.CallsItself) || isAmbient || finding.Kind is ChainKind.AttachedTasks;
        var isHeavy = finding.RetainedShare >= HeavyShare;
        return (isProven && isHeavy) || finding.Growth is { IsGrowing: true } ? Verdict.Leak : Verdict.Suspicious;
    }

    private static Growth? GrowthOf(Finding finding, Snapshot snapshot, int[] nodes, IReadOnlyList<LeakReport> earlier,
        Landmarks landmarks)
    {
        if (earlier.Count == 0)
            return null;

        // Not only the same set of methods: one that has joined a chain since did not make it.
        var before = earlier[0].Findings.Where(finding.HasMethodIn).Sum(other => other.Frames);
        var survived = earlier.Max(report => Survivors.Comparable(
            Survivors.Share([.. report.Findings.Where(finding.HasMethodIn).SelectMany(other => other.Places)], snapshot.Graph,
                nodes),
            report, snapshot.Origin, landmarks));
        return new Growth(before, finding.Frames - before,
            (snapshot.Origin.TakenAt - earlier[0].Origin.TakenAt).TotalSeconds, survived);
    }

    private static IEnumerable<string> Notes(Snapshot snapshot, ChainSource source, IEnumerable<ChainGroup> shorter)
    {
        if (!snapshot.Origin.IsComplete)
            yield return "A part of the heap was lost on the way: every count is a lower bound.";

        foreach (var chains in shorter.Take(3))
        {
            var name = string.Join(
                " and ", source.MethodsOf(chains).Select(method => method.Name).DefaultIfEmpty(source.NameOf(chains.Methods[0])));
            yield return string.Create(Text.Culture, $"Not accused: {chains.Frames:N0} chained frames of {name}, "
                + $"at most {chains.Depths[0]:N0} deep. Recursion that ends looks like that.");
        }
    }
}
