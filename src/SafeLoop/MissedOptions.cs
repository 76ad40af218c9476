namespace SafeLoop;

/// <summary>What happens to missed slots: slots that the loop noticed too late.</summary>
/// <remarks>
/// In configuration a policy stands for <see cref="Policy"/>: <c>"Missed": "RunAll"</c>. Not thread-safe.
/// </remarks>
public sealed record MissedOptions
{
    internal static MissedOptions Default { get; } = new();

    /// <summary>What to do with missed slots.</summary>
    /// <value>The default is <see cref="MissedSlots.RunLatest"/>.</value>
    public MissedSlots Policy { get; set; }

    /// <summary>How late a slot may still run.</summary>
    /// <remarks>Longer: less work is lost. Shorter: no stale work is done.</remarks>
    /// <value>
    /// Zero or more. The default is null: until the next slot; for <see cref="MissedSlots.Skip"/> half the time to the next
    /// slot; for <see cref="MissedSlots.RunAll"/> no limit.
    /// </value>
    public TimeSpan? Window { get; set; }

    /// <summary>
    /// The maximum number of missed slots that <see cref="MissedSlots.RunAll"/> runs. Older ones are recorded as missed.
    /// </summary>
    /// <remarks>More: less work is lost. Fewer: the loop catches up sooner.</remarks>
    /// <value>At least 1. The default is 100.</value>
    public int Max { get; set; } = 100;
}
