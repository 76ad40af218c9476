namespace SafeLoop;

/// <summary>
/// The definition by which the loop of a key runs: that of its task, or one shared by all keys with its schedule.
/// </summary>
/// <remarks>The row of a loop holds only the number of this object, so keys with equal schedules share its memory.</remarks>
internal sealed class KeyDefinition(IKeyGroup group, RecurringTask? own = null, RecurringTask? madeFrom = null)
{
    /// <summary>
    /// Its number among the definitions in use, for <see cref="KeyDefinitionSlots"/>; zero: no row refers to it.
    /// </summary>
    public int Slot { get; set; }

    public RecurringTask Task => own ?? group.Task;

    /// <summary>The definition for the key's schedule; null: that of the task.</summary>
    public RecurringTask? Own => own;

    /// <summary>False when the options of the task have changed since this definition was created.</summary>
    public bool IsCurrent => own is null ? group.Task.Options.KeySchedules is null : ReferenceEquals(madeFrom, group.Task);
}
