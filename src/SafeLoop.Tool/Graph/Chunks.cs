namespace SafeLoop.Tool;

/// <summary>A list that grows without copying: the heaps in question have tens of millions of references.</summary>
internal sealed class Chunks<T> where T : struct
{
    private const int Bits = 18;
    private const int Size = 1 << Bits;

    private readonly List<T[]?> _chunks = [];

    public int Count { get; private set; }

    public T this[int index] => _chunks[index >> Bits]![index & (Size - 1)];

    public void Add(T item)
    {
        if (Count >> Bits == _chunks.Count)
            _chunks.Add(new T[Size]);
        _chunks[Count >> Bits]![Count & (Size - 1)] = item;
        Count++;
    }

    /// <summary>
    /// Turns every item into one of an array and lets go of what has been turned: the two never exist in full side by side.
    /// </summary>
    /// <param name="turn">Called on all processors at once.</param>
    public TResult[] Drain<TResult>(Func<T, TResult> turn)
    {
        var result = new TResult[Count];
        Parallel.For(0, _chunks.Count, chunk =>
        {
            var first = chunk << Bits;
            var items = _chunks[chunk]!;
            for (var i = 0; i < Size && first + i < result.Length; i++)
                result[first + i] = turn(items[i]);
            _chunks[chunk] = null;
        });

        _chunks.Clear();
        Count = 0;
        return result;
    }
}
