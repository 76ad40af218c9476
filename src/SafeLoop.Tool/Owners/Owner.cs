namespace SafeLoop.Tool;

/// <summary>What holds a part of the heap.</summary>
internal sealed record Owner
{
    public required Verdict Verdict { get; init; }

    /// <summary>The path from the root in words, folded.</summary>
    public required string Line { get; init; }

    /// <summary>The root: a static field by class and field, a handle, a stack, the finalizer queue.</summary>
    public required string Root { get; init; }

    public required IReadOnlyList<OwnerStep> Steps { get; init; }

    /// <summary>What would be free without the owner.</summary>
    public required long RetainedBytes { get; init; }

    /// <summary>Of the live heap, 0 to 1.</summary>
    public required double RetainedShare { get; init; }

    /// <summary>The root, or a type on the path, is not known to be of the framework.</summary>
    public required bool IsOfTheUser { get; init; }

    /// <summary>A part of the heap was lost: counts and bytes are lower bounds.</summary>
    public bool IsLowerBound { get; init; }

    /// <summary>The known shape the path has, what it means and what to write instead; null for none.</summary>
    public OwnerShape? Shape { get; init; }

    /// <summary>Against earlier captures; null without one.</summary>
    public OwnerGrowth? Growth { get; init; }
}
