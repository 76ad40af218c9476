namespace SafeLoop;

/// <summary>What happens to slots that were noticed too late.</summary>
/// <remarks>
/// In configuration a policy stands for <see cref="Policy"/>: <c>"Missed": "RunAll"</c>. Not thread-safe.
/// </remarks>
public sealed record MissedOptions
{
    internal static MissedOptions Default { get; } = new();

    /// <summary>What to do with slots that were noticed too late.</summary>
    /// <value>The default is <see cref="MissedSlots.RunLatest"/>.</value>
    public MissedSlots Policy { get; set; }

    /// <summary>How late a slot may still run.</summary>
    /// <remarks>Longer: less work is lost. Shorter: no stale work is done.</remarks>
    /// <value>
    /// Zero or more. The default is null: until the next slot; for <see cref="MissedSlots.Skip"/> half way to it; for
    /// <see cref="MissedSlots.RunAll"/> no limit.
    /// </value>
    public TimeSpan? Window { get; set; }

    /// <summary>
    /// How many missed slots <see cref="MissedSlots.RunAll"/> runs at most. Older ones are recorded as missed.
    /// </summary>
    /// <remarks>More: more is made up for. Fewer: the loop is up to date sooner.</remarks>
    /// <value>At least 1. The default is 100.</value>
    public int Max { get; set; } = 100;
}
