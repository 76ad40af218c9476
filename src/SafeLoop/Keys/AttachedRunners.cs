namespace SafeLoop;

/// <summary>Numbers the runners that loops are attached to, because a row holds no reference.</summary>
/// <remarks>
/// A row that is attached is not in the wheel, so the number takes the place of a link. Not thread-safe: used under the lock of
/// the <see cref="LoopRows"/>.
/// </remarks>
internal sealed class AttachedRunners
{
    private const int FirstCapacity = 8;

    private readonly Stack<int> _free = [];
    private RentedRunner?[] _runners = new RentedRunner?[FirstCapacity];
    private int _used = 1; // zero: attached to none

    /// <summary>The runner that the loop of a row is attached to; null: none.</summary>
    public RentedRunner? Find(in LoopRow row) => row.IsAttached ? _runners[row.Links.Next] : null;

    public void Attach(ref LoopRow row, RentedRunner runner)
    {
        if (!row.IsAttached)
        {
            if (!_free.TryPop(out var number))
                number = _used++;
            if (number == _runners.Length)
                Array.Resize(ref _runners, number * 2);
            (row.IsAttached, row.Links.Next) = (true, number);
        }
        _runners[row.Links.Next] = runner;
    }

    public void Detach(ref LoopRow row)
    {
        if (!row.IsAttached)
            return;
        _runners[row.Links.Next] = null;
        _free.Push(row.Links.Next);
        (row.IsAttached, row.Links.Next) = (false, 0);
    }
}
