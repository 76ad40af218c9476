namespace SafeLoop;

/// <summary>What happens to slots that come due while the previous iteration is running.</summary>
/// <remarks>
/// In configuration a policy stands for <see cref="Policy"/>: <c>"Overlap": "BufferOne"</c>. Not thread-safe.
/// </remarks>
public sealed record OverlapOptions
{
    internal static OverlapOptions Default { get; } = new();

    /// <summary>What to do with a slot that comes due while the previous iteration is running.</summary>
    /// <value>The default is <see cref="Overlap.Skip"/>.</value>
    public Overlap Policy { get; set; }

    /// <summary>
    /// The size of the buffer of <see cref="Overlap.BufferAll"/>, or the number of parallel iterations of
    /// <see cref="Overlap.Allow"/>.
    /// </summary>
    /// <remarks>More: fewer slots are skipped. Fewer: less work is buffered or runs in parallel.</remarks>
    /// <value>At least 1. The default is 100.</value>
    public int Max { get; set; } = 100;
}
