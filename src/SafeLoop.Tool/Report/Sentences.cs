namespace SafeLoop.Tool;

/// <summary>What text and page say in words. "Awaits itself" is said only where the IL proves it.</summary>
internal static class Sentences
{
    /// <summary>Of the methods of a chain; JSON has them all.</summary>
    private const int MostNames = 6;

    public static string Origin(SnapshotOrigin origin)
    {
        var pause = origin.Pause > TimeSpan.Zero ? $", paused {Text.Duration(origin.Pause)}" : "";
        return $"{origin.Name}: {origin.Means}{pause}";
    }

    public static string Heap(LeakReport report)
    {
        var limit = report.Origin.HeapLimit > 0
            ? $" of at most {Text.Bytes(report.Origin.HeapLimit)} ({Text.Share((double)report.Bytes / report.Origin.HeapLimit)})"
            : "";
        return $"{Text.Bytes(report.Bytes)} live{limit}, {Text.Plural(report.Objects, "object")}";
    }

    /// <summary>Needs two points at least.</summary>
    public static string Trend(IReadOnlyList<TrendPoint> points)
    {
        var heap = $"Within {Text.Duration(points[^1].At - points[0].At)} the heap went from {Text.Bytes(points[0].HeapUsed)} to "
            + $"{Text.Bytes(points[^1].HeapUsed)}";
        var (pauses, full) = (points.Max(point => point.GcPauseRatio), points[^1].Gen2Collections - points[0].Gen2Collections);
        return pauses > 0 || full > 0
            ? $"{heap}; collections took up to {(pauses * 100).ToString("0.0", Text.Culture)} % of the time, "
                + $"with {Text.Plural(full, "full one")}."
            : heap + ".";
    }

    public static string What(Finding finding)
    {
        var least = finding.IsLowerBound ? "at least " : "";
        var frames = finding.Kind switch
        {
            ChainKind.Promises or ChainKind.AttachedTasks => "tasks",
            ChainKind.AmbientValues => "values",
            _ => "live frames",
        };
        return $"{least}{Text.Count(finding.Frames)} {frames} of {Names(finding)}";
    }

    public static string HowMuch(Finding finding)
    {
        var least = finding.IsLowerBound ? "at least " : "";
        var chains = finding.Chains == 1
            ? $"one chain, depth {Text.Count(finding.Depth)}"
            : $"{Text.Count(finding.Chains)} chains, depth {Text.Count(finding.Depth)} at most, "
                + $"{Text.Count(finding.MedianDepth)} in the middle";
        return $"{chains}; {least}{Text.Bytes(finding.RetainedBytes)} retained, "
            + $"{Text.Share(finding.RetainedShare)} of the live heap";
    }

    public static IEnumerable<string> Why(Finding finding)
    {
        if (finding.Growth is { } growth)
            yield return growth.FramesMore > 0
                ? $"It grew by {Text.Count(growth.FramesMore)} frames in {growth.Seconds.ToString("0.0", Text.Culture)} s."
                : $"It did not grow in {growth.Seconds.ToString("0.0", Text.Culture)} s.";
        if (finding.Growth is { FramesMore: > 0, IsTurnover: true })
            yield return "Hardly any of the frames of before is left: the calls end, and others begin.";

        var recursing = finding.Methods.Where(method => method.CallsItself).ToArray();
        foreach (var method in recursing.Take(MostNames))
        {
            var line = method.Recursion is { } at ? $"Line {at.Line.ToString(Text.Culture)}" : "It";
            var text = method.Recursion?.Text is { Length: > 0 } source ? $":   {source}" : ".";
            yield return finding.Methods.Count > 1
                ? $"{line} of {method.Name} leads back to it{text}"
                : $"{line} {(method.IsIterator ? "iterates" : finding.Kind == ChainKind.Methods ? "awaits" : "schedules")} the "
                    + $"same method{text}";
            if (method.IsByElimination)
                yield return "(No object names it; it is the only method of the program that unwraps its own continuation.)";
        }

        if (recursing.Length == 0 && finding.Kind is ChainKind.Methods or ChainKind.Closures or ChainKind.Promises)
            yield return "They are linked head to tail, but the IL does not show that the method calls itself: "
                + "work queued behind work looks the same. Use --times 3 to see whether it grows.";
        if (finding.Kind == ChainKind.AmbientValues)
            yield return "Each was started in the context of the one before and keeps it alive: "
                + "a task or timer is started again and again from inside itself.";
        if (finding.Kind == ChainKind.AttachedTasks)
            yield return "Each is the attached child of the one before, which cannot end before it.";
    }

    /// <summary>From the root to the end, folded.</summary>
    public static IEnumerable<string> Chain(Finding finding)
    {
        const int MaxHolders = 8;
        var holders = finding.HeldBy.Count > MaxHolders
            ? [.. finding.HeldBy.Take(3), "…", .. finding.HeldBy.TakeLast(MaxHolders - 4)]
            : finding.HeldBy;
        if (holders.Count > 0)
            yield return "held by  " + string.Join(" → ", holders);

        var frame = string.Join(" → ", Some(finding.FrameTypes));
        var turns = finding.FrameTypes.Count > 1 && TakeTurns(finding)
            ? $"({frame}) × {Text.Count(finding.Depth / finding.FrameTypes.Count)}"
            : $"{frame} × {Text.Count(finding.Depth)}";
        yield return "frames   " + turns
            + (finding.Chains > 1 ? $", and {Text.Plural(finding.Chains - 1, "more chain")} like it" : "");
        if (finding.Between.Count > 0)
            yield return "between  " + string.Join(" → ", finding.Between);
    }

    /// <summary>The frames of a chain, a line for each method that takes its turn.</summary>
    public static IEnumerable<string> Turns(Finding finding) => TakeTurns(finding)
        ? finding.FrameTypes.Select(type => $"{type} × {Text.Count(finding.Depth / finding.FrameTypes.Count)}")
        : [$"{string.Join(", ", Some(finding.FrameTypes))} × {Text.Count(finding.Depth)}"];

    public static string Names(Finding finding) => finding.Methods.Count == 0
        ? string.Join(" and ", Some(finding.FrameTypes))
        : string.Join(" and ", Some([.. finding.Methods.Select(method => method.Declared is { } at
            ? $"{method.Name} ({Text.File(at.File)}:{at.Line.ToString(Text.Culture)})"
            : method.Name)]));

    /// <summary>As a few methods do; with many, who stands there how often is anybody's guess.</summary>
    private static bool TakeTurns(Finding finding) => finding.FrameTypes.Count <= MostNames;

    private static IEnumerable<string> Some(IReadOnlyList<string> names) =>
        names.Count <= MostNames ? names : names.Take(MostNames - 1).Append($"{Text.Count(names.Count - (MostNames - 1))} more");
}
