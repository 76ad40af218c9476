namespace SafeLoop;

/// <summary>
/// The definition by which the loop of a key runs: that of its task, or one shared by all keys with its schedule.
/// </summary>
/// <remarks>The row of a loop holds only the number of this object, so keys with equal schedules share its memory.</remarks>
internal sealed class KeyDefinition(
    IKeyGroup group, RecurringTask? own = null, RecurringTask? madeFrom = null, ShardOwnership? shard = null)
{
    private volatile Tuple<RecurringTask, RecurringTask>? _owned; // the task, and the same with the ownership of the shard

    /// <summary>
    /// Its number among the definitions in use, for <see cref="KeyDefinitionSlots"/>; zero: no row refers to it.
    /// </summary>
    public int Slot { get; set; }

    public RecurringTask Task => own ?? (shard is null ? group.Task : Owned(group.Task));

    /// <summary>The ownership of the shard of its loops; null: they run on this host in any case.</summary>
    public ShardOwnership? Shard => shard;

    /// <summary>The definition for the key's schedule; null: that of the task.</summary>
    public RecurringTask? Own => own;

    /// <summary>False when the options of the task have changed since this definition was created.</summary>
    public bool IsCurrent => own is null ? group.Task.Options.KeySchedules is null : ReferenceEquals(madeFrom, group.Task);

    // Always the same object for a task, because definitions are compared.
    private RecurringTask Owned(RecurringTask task)
    {
        while (true)
        {
            var known = _owned;
            if (known is not null && ReferenceEquals(known.Item1, task))
                return known.Item2;
            var owned = Tuple.Create(task, task with { Shard = shard });
            if (Interlocked.CompareExchange(ref _owned, owned, known) == known)
                return owned.Item2;
        }
    }
}
