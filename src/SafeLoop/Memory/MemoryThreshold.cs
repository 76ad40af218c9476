using System.Globalization;

namespace SafeLoop;

/// <summary>The share of the heap's limit above which the memory watch warns.</summary>
internal sealed record MemoryThreshold(double Share)
{
    public InvalidOperationException IsNot(double other) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The memory watch is already registered with threshold {Share}; "
            + $"this call uses {other}. Call AddMemoryWatch once, or with the same threshold."));
}
