namespace SafeLoop;

/// <summary>
/// Rows in slabs of 1,024, which never move and are freed with their last row. Adding a row copies at most a part of the first
/// slab.
/// </summary>
/// <remarks>Not thread-safe: used under the lock of the <see cref="LoopRows"/>.</remarks>
internal sealed class RowSlabs
{
    public const int SlabBits = 10, SlabSize = 1 << SlabBits;
    private const int FirstSize = 8;

    private readonly Stack<int> _open = [];   // slabs that have room
    private readonly Stack<int> _absent = []; // numbers of slabs that were freed
    private Slab[] _slabs = [];
    private int _count;
    private int _generation;

    /// <summary>All rows have smaller numbers. Zero is no row.</summary>
    public int End => _count << SlabBits;

    public ref LoopRow this[int row] => ref _slabs[row >> SlabBits].Rows![row & (SlabSize - 1)];

    /// <summary>True when the row is in use.</summary>
    public bool Has(LoopId loop)
    {
        var slab = loop.Row >> SlabBits;
        return slab < _count && _slabs[slab].Rows is { } rows && (loop.Row & (SlabSize - 1)) is var index && index < rows.Length
            && rows[index].Generation == loop.Generation && loop.Generation != 0;
    }

    /// <summary>The loop in a row; none when the row is free.</summary>
    public LoopId At(int row)
    {
        var (rows, index) = (_slabs[row >> SlabBits].Rows, row & (SlabSize - 1));
        return rows is null || index >= rows.Length || rows[index].Generation == 0 ? default : new(row, rows[index].Generation);
    }

    /// <summary>
    /// The row to visit after another one. Passes over slabs that were freed, so that a visit after a burst costs no more than
    /// before it.
    /// </summary>
    public int After(int row)
    {
        row++;
        while (row < End && (row & (SlabSize - 1)) >= _slabs[row >> SlabBits].Used)
            row = ((row >> SlabBits) + 1) << SlabBits;
        return row;
    }

    public LoopId Add()
    {
        if (!_open.TryPeek(out var number))
            _open.Push(number = AddSlab());
        ref var slab = ref _slabs[number];
        var index = slab.Free - 1;
        if (index >= 0)
            slab.Free = slab.Rows![index].Links.Next;
        else
            index = slab.Used++;
        if (index == slab.Rows!.Length)
            Array.Resize(ref slab.Rows, Math.Min(SlabSize, index * 4));
        slab.Live++;
        if (slab is { Free: 0, Used: SlabSize })
            _open.Pop();
        if (++_generation == 0)
            _generation = 1;
        slab.Rows[index] = new() { Generation = _generation };
        return new((number << SlabBits) + index, _generation);
    }

    /// <returns>True when the slab of the row was freed.</returns>
    public bool Remove(int row)
    {
        var (number, index) = (row >> SlabBits, row & (SlabSize - 1));
        ref var slab = ref _slabs[number];
        if (slab is { Free: 0, Used: SlabSize })
            _open.Push(number);
        slab.Rows![index] = default;
        (slab.Rows[index].Links.Next, slab.Free) = (slab.Free, index + 1);
        if (--slab.Live > 0 || number == 0)
            return false;
        slab = default;
        Close(number);
        _absent.Push(number);
        return true;
    }

    private int AddSlab()
    {
        if (!_absent.TryPop(out var number))
        {
            number = _count++;
            if (number == _slabs.Length)
                Array.Resize(ref _slabs, Math.Max(1, number * 2));
        }
        _slabs[number] = new() { Rows = new LoopRow[number == 0 ? FirstSize : SlabSize], Used = number == 0 ? 1 : 0 };
        return number;
    }

    private void Close(int number)
    {
        var open = _open.ToArray();
        _open.Clear();
        for (var i = open.Length - 1; i >= 0; i--)
        {
            if (open[i] != number)
                _open.Push(open[i]);
        }
    }

    /// <summary>The view of a wheel.</summary>
    internal readonly struct Nodes(RowSlabs rows) : IWheelNodes
    {
        public ref WheelLinks Links(int node) => ref rows[node].Links;

        public long TickOf(int node, long position) => position + (rows[node].Tick - (uint)position);

        public void SetTick(int node, long tick) => rows[node].Tick = (uint)tick;
    }

    private struct Slab
    {
        public LoopRow[]? Rows;
        public int Free; // one more than the index of the first removed row; they are linked by Next
        public int Used; // rows from here on were never used
        public int Live;
    }
}
