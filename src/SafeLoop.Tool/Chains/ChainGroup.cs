namespace SafeLoop.Tool;

/// <summary>
/// All chains of the same method, or of the same methods that take turns, with those it now and then leads through.
/// </summary>
internal sealed record ChainGroup
{
    public required ChainKind Kind { get; init; }

    /// <summary>The types that stand for the methods, those with most frames first.</summary>
    public required int[] Methods { get; init; }

    /// <summary>How many of their frames are in chains.</summary>
    public required int Frames { get; init; }

    /// <summary>The objects that are these frames.</summary>
    public required int[] Nodes { get; init; }

    /// <summary>The length of each chain, longest first.</summary>
    public required int[] Depths { get; init; }

    /// <summary>The objects on the longest chain, from end to end.</summary>
    public required int[] Longest { get; init; }

    /// <summary>Bytes that would be free if the frames were: they, and all that only they keep alive.</summary>
    public long Retained { get; init; }
}
