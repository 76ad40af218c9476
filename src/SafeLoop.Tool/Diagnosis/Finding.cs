using System.Text.Json.Serialization;

namespace SafeLoop.Tool;

/// <summary>One leak, or suspicion.</summary>
internal sealed record Finding
{
    public required Verdict Verdict { get; init; }

    public required ChainKind Kind { get; init; }

    /// <summary>Those whose frames are chained, taking turns; for chains without code the types.</summary>
    public required IReadOnlyList<ChainedMethod> Methods { get; init; }

    /// <summary>What the frames are, as types.</summary>
    public required IReadOnlyList<string> FrameTypes { get; init; }

    /// <summary>The IL proves that the method comes back to itself.</summary>
    public bool AwaitsItself { get; init; }

    public required int Frames { get; init; }

    public required int Chains { get; init; }

    /// <summary>Of the longest chain.</summary>
    public required int Depth { get; init; }

    /// <summary>Of the chain in the middle.</summary>
    public required int MedianDepth { get; init; }

    /// <summary>What would be free without the frames.</summary>
    public required long RetainedBytes { get; init; }

    /// <summary>Of the live heap, 0 to 1.</summary>
    public required double RetainedShare { get; init; }

    /// <summary>A part of the heap was lost: counts and bytes are lower bounds.</summary>
    public bool IsLowerBound { get; init; }

    /// <summary>Types from a root to the chain.</summary>
    public required IReadOnlyList<string> HeldBy { get; init; }

    /// <summary>Types between one frame and the next.</summary>
    public required IReadOnlyList<string> Between { get; init; }

    /// <summary>The source around the line that recurs; empty where it cannot be read.</summary>
    public required IReadOnlyList<SourceLine> Excerpt { get; init; }

    /// <summary>Code that does the same without the chain.</summary>
    public required string Cure { get; init; }

    /// <summary>Where some of the frames are, to see whether they are still there later.</summary>
    [JsonIgnore]
    public IReadOnlyList<uint> Places { get; init; } = [];

    /// <summary>Against an earlier capture; null without one.</summary>
    public Growth? Growth { get; init; }

    /// <summary>So many objects can be one for each frame, or nearly.</summary>
    public bool IsOfItsSize(int objects) => objects >= ChainFinder.MinDepth && objects <= Frames + ChainFinder.MinDepth;

    /// <summary>Some of what is chained here is chained there too.</summary>
    public bool HasMethodIn(Finding other) => Kind == other.Kind && FrameTypes.Intersect(other.FrameTypes).Any();
}
