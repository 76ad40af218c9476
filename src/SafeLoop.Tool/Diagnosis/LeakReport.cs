namespace SafeLoop.Tool;

/// <summary>All that is said about one heap: what text, JSON and HTML show.</summary>
internal sealed record LeakReport
{
    /// <summary>Changes only with the meaning of a property; new properties may come without.</summary>
    public string Schema { get; init; } = "safeloop-report/1";

    public required Verdict Verdict { get; init; }

    public required SnapshotOrigin Origin { get; init; }

    public required int Objects { get; init; }

    public required long Bytes { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The heaviest classes.</summary>
    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>How the heap came to this: from the watch, or from the earlier of two captures. Empty when nobody looked before.</summary>
    public IReadOnlyList<TrendPoint> Trend { get; init; } = [];

    /// <summary>What the reader should know: lost data, other chains that were too short.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
