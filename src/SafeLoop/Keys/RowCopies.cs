namespace SafeLoop;

/// <summary>
/// Copies of the next rows of a task. A pass over all loops takes the lock once for each such copy, not once or twice for each
/// loop.
/// </summary>
/// <remarks>Not thread-safe: belongs to one pass. It takes 50 KB, which is below the limit of the large object heap.</remarks>
internal sealed class RowCopies
{
    /// <summary>The maximum number of rows that are copied under one lock.</summary>
    public const int Most = RowSlabs.SlabSize / 2;

    private readonly LoopRow[] _rows = new LoopRow[Most];
    private readonly RecurringTask[] _tasks = new RecurringTask[Most];
    private readonly int[] _numbers = new int[Most];

    public int Count { get; private set; }

    /// <summary>A row at the moment of the copy.</summary>
    public ref readonly LoopRow this[int index] => ref _rows[index];

    public LoopId LoopAt(int index) => new(_numbers[index], _rows[index].Generation);

    /// <summary>The definition by which the loop of a row runs.</summary>
    public RecurringTask TaskAt(int index) => _tasks[index];

    public void Clear() => Count = 0;

    public void Add(int number, in LoopRow row, RecurringTask task)
    {
        (_rows[Count], _tasks[Count], _numbers[Count]) = (row, task, number);
        Count++;
    }
}
