namespace SafeLoop.Tool;

/// <summary>
/// The objects of a heap and what references what: no fields, no values. Objects are numbered; the references of object n are
/// <c>Targets[Starts[n]..Starts[n + 1]]</c>.
/// </summary>
internal sealed class HeapGraph
{
    public required HeapType[] Types { get; init; }
    public required HeapModule[] Modules { get; init; }
    public required int[] TypeOf { get; init; }
    public required long[] Sizes { get; init; }
    public required int[] Starts { get; init; }
    public required int[] Targets { get; init; }
    public required int[] Roots { get; init; }

    public int Count => TypeOf.Length;

    /// <summary>Live bytes.</summary>
    public long Bytes
    {
        get
        {
            var sum = 0L;
            foreach (var size in Sizes)
                sum += size;
            return sum;
        }
    }

    public ReadOnlySpan<int> ReferencesOf(int node) => Targets.AsSpan(Starts[node], Starts[node + 1] - Starts[node]);

    /// <summary>The name with its arguments, as C# programmers read it.</summary>
    public string NameOf(int type) => TypeNames.Of(this, type);
}
