using System.Text.Json.Serialization;

namespace SafeLoop.Tool;

/// <summary>All that is said about one heap: what text, JSON and HTML show.</summary>
internal sealed record LeakReport
{
    /// <summary>Changes only with the meaning of a property; new properties may come without.</summary>
    public string Schema { get; init; } = "safeloop-report/1";

    public required Verdict Verdict { get; init; }

    public required SnapshotOrigin Origin { get; init; }

    /// <summary>How many captures the verdict rests on.</summary>
    public required int Captures { get; init; }

    public required int Objects { get; init; }

    public required long Bytes { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What holds the heap, apart from what the findings explain: the worst first, then the largest.</summary>
    public required IReadOnlyList<Owner> Owners { get; init; }

    /// <summary>What a later report is compared with; null when the owners were not computed.</summary>
    [JsonIgnore]
    public OwnerNode? OwnerTree { get; init; }

    /// <summary>Whether addresses in a later report can be compared with those in this one.</summary>
    [JsonIgnore]
    public Landmarks Landmarks { get; init; } = new(HeapGraph.Empty);

    /// <summary>The heaviest classes.</summary>
    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>How the heap came to this: from the watch, or from earlier captures. Empty without either.</summary>
    public IReadOnlyList<TrendPoint> Trend { get; init; } = [];

    /// <summary>What the reader should know: lost data, other chains that were too short.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
