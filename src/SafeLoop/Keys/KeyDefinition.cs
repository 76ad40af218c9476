namespace SafeLoop;

/// <summary>The definition the loop of a key runs by: that of its task, or one of its own, shared by all keys with the same schedule.</summary>
/// <remarks>A loop refers to its task through this, so a schedule of its own costs a key nothing that it shares with another.</remarks>
internal sealed class KeyDefinition(KeyedLoops all, RecurringTask? own = null, RecurringTask? madeFrom = null)
{
    public KeyedLoops All => all;

    public RecurringTask Task => own ?? all.Task;

    /// <summary>Null: that of the task.</summary>
    public RecurringTask? Own => own;

    /// <summary>False: the task has changed since.</summary>
    public bool IsCurrent => own is null ? all.Task.Options.KeySchedules is null : ReferenceEquals(madeFrom, all.Task);
}
