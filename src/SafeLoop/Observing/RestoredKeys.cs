namespace SafeLoop;

/// <summary>What a store has restored of keys that does not fit into their rows: pauses, and the last slots.</summary>
/// <remarks>Thread-safe. It is empty without a store, and a key that was not paused or remembered is not in it.</remarks>
internal sealed class RestoredKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LoopId, Restored> _keys = [];
    private volatile bool _isEmpty = true;

    /// <summary>Adds what was restored of a key.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="pause">Its pause; null: it is not paused.</param>
    /// <param name="slot">Its last stored slot; none: its schedule begins now.</param>
    /// <param name="now">The present time of the loops.</param>
    public void Add(LoopId loop, TaskPause? pause, Instant slot, Instant now)
    {
        if (pause is null && slot.IsNone)
            return;
        lock (_gate)
        {
            _keys[loop] = new(pause, slot, slot.IsNone ? Instant.None : now);
            _isEmpty = false;
        }
    }

    /// <summary>The restored pause of a key; null: none.</summary>
    public TaskPause? PauseOf(LoopId loop) => Find(loop).Pause;

    /// <summary>Slots until then came due while no host was running; none: there are no such slots.</summary>
    public Instant RestoredAt(LoopId loop) => Find(loop).At;

    /// <summary>Takes the last stored slot, after which the schedule goes on; null: it was taken, or there is none.</summary>
    public (Instant Slot, Instant At)? TakeSlot(LoopId loop)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(loop, out var restored) || restored.Slot.IsNone)
                return null;
            _keys[loop] = restored with { Slot = Instant.None };
            return (restored.Slot, restored.At);
        }
    }

    /// <summary>Removes a key that was removed or begins again.</summary>
    public void Remove(LoopId loop)
    {
        if (_isEmpty)
            return;
        lock (_gate)
        {
            _keys.Remove(loop);
            _isEmpty = _keys.Count == 0;
        }
    }

    private Restored Find(LoopId loop)
    {
        if (_isEmpty)
            return default;
        lock (_gate)
            return _keys.GetValueOrDefault(loop);
    }

    private readonly record struct Restored(TaskPause? Pause, Instant Slot, Instant At);
}
