namespace SafeLoop;

/// <summary>How the loops of a shard begin that was opened: where they were on the host before, or at the watermark.</summary>
/// <param name="memory">What their last owner has handed over; null: it was lost.</param>
/// <param name="watermark">All slots until then have run or were recorded; none: the schedules begin as new.</param>
/// <remarks>
/// Thread-safe. Keys whose text cannot be parsed wait here until the source of keys yields them. After the first complete
/// reading of the source nothing is left, and keys that are added later are new.
/// </remarks>
internal sealed class ShardArrivals(ShardMemory? memory, Instant watermark)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LoopMemory> _waiting = new(StringComparer.Ordinal);
    private volatile bool _isRead;

    /// <summary>True when the source of keys was read since the shard was opened.</summary>
    public bool IsRead => _isRead;

    /// <summary>True when its last owner has handed its loops over.</summary>
    public bool HasMemory => memory is not null;

    /// <summary>All slots until then have run or were recorded; none: unknown.</summary>
    public Instant Watermark => watermark;

    /// <summary>The loops whose keys the source has not yielded yet.</summary>
    public IReadOnlyList<LoopMemory> Waiting
    {
        get
        {
            lock (_gate)
                return [.. _waiting.Values];
        }
    }

    /// <summary>Keeps the state of a loop until the source of keys yields its key.</summary>
    public void Add(LoopMemory loop)
    {
        lock (_gate)
            _waiting[loop.Key] = loop;
    }

    /// <summary>Finds how the loop of a key begins that the source yields; null: as a new one.</summary>
    /// <param name="key">The key. Its text is read only if it matters, because it is user code.</param>
    public LoopMemory? Find<TKey>(TKey key)
        where TKey : notnull
    {
        if (_isRead)
            return null;
        if (IsAnyWaiting && KeyText.TryRead(key, out var text, out _))
        {
            lock (_gate)
            {
                if (_waiting.TryGetValue(text, out var moved))
                    return moved;
            }
        }
        // Without what the last owner knew, a slot since the watermark may have run or not: it is due.
        return memory is null && !watermark.IsNone ? new("", new LoopState { Slot = watermark }) : null;
    }

    /// <summary>The instant up to which all slots of keys that have not been added are done.</summary>
    public Instant DoneUntil => _isRead ? Instant.Never
        : memory is null ? (watermark.IsNone ? Instant.Never : watermark)
        : Waiting.Aggregate(Instant.Never, static (done, loop) => Instant.Min(done, LoopPlan.DoneUntil(loop.State)));

    /// <summary>Called when a loop was added with what <see cref="Find"/> has returned.</summary>
    public void OnAdded(LoopMemory? loop)
    {
        if (loop is null)
            return;
        lock (_gate)
            _waiting.Remove(loop.Key);
    }

    /// <summary>Called when the source of keys was read completely.</summary>
    /// <returns>The loops whose keys it has not yielded. They are dropped.</returns>
    public IReadOnlyList<LoopMemory> MarkRead()
    {
        _isRead = true;
        lock (_gate)
        {
            LoopMemory[] dropped = [.. _waiting.Values];
            _waiting.Clear();
            return dropped;
        }
    }

    private bool IsAnyWaiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count > 0;
        }
    }
}
