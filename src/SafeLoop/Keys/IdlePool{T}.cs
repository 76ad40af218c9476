namespace SafeLoop;

/// <summary>
/// Objects that are not in use at this moment, such as the runners that no loop needs. Those of a burst, which were not needed
/// for one to two minutes, are released.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class IdlePool<T>(Pacemaker pacemaker) : Alarm
    where T : class
{
    // Fewer are not worth a wake-up of the process.
    private const int Few = 64;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // No ConcurrentBag: it keeps its items, and through them this host, alive in each thread that has used it.
    private readonly Stack<T> _idle = [];
    private int _leastIdle; // since the alarm was armed
    private bool _isArmed;
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_idle)
                return _idle.Count;
        }
    }

    public void Add(T item)
    {
        lock (_idle)
        {
            _idle.Push(item);
            if (_idle.Count > Few && !_isArmed && !_isClosed)
                Watch();
        }
    }

    public T? Take()
    {
        lock (_idle)
        {
            if (!_idle.TryPop(out var item))
                return null;
            _leastIdle = Math.Min(_leastIdle, _idle.Count);
            return item;
        }
    }

    /// <summary>The host has stopped: the pacemaker, which outlives it, keeps nothing of it.</summary>
    public void Close()
    {
        lock (_idle)
        {
            _isClosed = true;
            pacemaker.Disarm(this);
        }
    }

    protected internal override void Ring()
    {
        lock (_idle)
        {
            var surplus = Math.Min(_leastIdle, _idle.Count - Few);
            for (var left = surplus; left > 0; left--)
                _idle.Pop();
            if (surplus > 0)
                _idle.TrimExcess();
            _isArmed = false;
            if (_idle.Count > Few && !_isClosed)
                Watch();
        }
    }

    private void Watch()
    {
        (_leastIdle, _isArmed) = (_idle.Count, true);
        pacemaker.Arm(this, pacemaker.Time.TimestampIn(Interval));
    }
}
