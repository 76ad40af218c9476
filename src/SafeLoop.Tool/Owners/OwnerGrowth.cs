namespace SafeLoop.Tool;

/// <summary>What an owner retained in each of several captures.</summary>
/// <param name="Bytes">From the first capture to the last: at least two.</param>
/// <param name="HeapMore">By how much the whole heap grew meanwhile.</param>
/// <param name="Seconds">From the first capture to the last.</param>
internal sealed record OwnerGrowth(IReadOnlyList<long> Bytes, long HeapMore, double Seconds)
{
    /// <summary>Less is what a diagnosis itself leaves behind.</summary>
    private const long LeastBytes = 1024 * 1024;

    public long More => Bytes[^1] - Bytes[0];

    /// <summary>
    /// Honest work comes and goes: only what grew from each capture to the next, and by more than a hundredth, has grown.
    /// </summary>
    public bool IsGrowing =>
        More >= LeastBytes && Bytes.Zip(Bytes.Skip(1)).All(pair => pair.Second > pair.First
            && pair.Second - pair.First >= pair.First / 100);
}
