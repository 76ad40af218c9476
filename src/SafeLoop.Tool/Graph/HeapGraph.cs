namespace SafeLoop.Tool;

/// <summary>
/// The objects of a heap and what references what: no fields, no values. Objects are numbered; the references of object n are
/// <c>Targets[Starts[n]..Starts[n + 1]]</c>.
/// </summary>
internal sealed class HeapGraph
{
    public static readonly HeapGraph Empty = new()
    {
        Types = [], Modules = [], TypeOf = [], Sizes = [], Starts = [0], Targets = [], Roots = [],
    };

    public required HeapType[] Types { get; init; }
    public required HeapModule[] Modules { get; init; }
    public required int[] TypeOf { get; init; }
    public required long[] Sizes { get; init; }
    public required int[] Starts { get; init; }
    public required int[] Targets { get; init; }
    /// <summary>Static fields first, in the order in which the runtime lists them.</summary>
    public required HeapRoot[] Roots { get; init; }

    /// <summary>
    /// By object: its address, as <see cref="AddressIndex.Place"/> shortens it. Empty where the addresses are not known.
    /// </summary>
    public uint[] Places { get; init; } = [];

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

    /// <summary>Every number in it is that of something.</summary>
    public bool IsConsistent
    {
        get
        {
            if (Sizes.Length != Count || Starts.Length != Count + 1 || Starts[0] != 0 || Starts[^1] != Targets.Length
                || (Places.Length != Count && Places.Length != 0))
                return false;
            for (var node = 0; node < Count; node++)
            {
                if (Starts[node] > Starts[node + 1] || Sizes[node] < 0)
                    return false;
            }

            return !TypeOf.AsSpan().ContainsAnyExceptInRange(0, Types.Length - 1)
                && !Targets.AsSpan().ContainsAnyExceptInRange(0, Count - 1)
                && Roots.All(root => root.Node >= 0 && root.Node < Count && root.Kind <= RootKind.Unknown
                    && root.Module < Modules.Length)
                && Types.All(type => type.Module < Modules.Length && type.Arguments.All(argument => argument < Types.Length));
        }
    }

    public ReadOnlySpan<int> ReferencesOf(int node) => Targets.AsSpan(Starts[node], Starts[node + 1] - Starts[node]);

    /// <summary>The name with its arguments, as C# programmers read it.</summary>
    public string NameOf(int type) => TypeNames.Of(this, type);
}
