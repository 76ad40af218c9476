namespace SafeLoop;

/// <summary>How the cadence slows down while iterations fail.</summary>
/// <remarks>
/// In configuration a duration stands for <see cref="Initial"/>: <c>"BackOff": "00:00:01"</c>. Not thread-safe.
/// </remarks>
public sealed record BackOffOptions
{
    internal static BackOffOptions Default { get; } = new();

    /// <summary>The pause after the first failure. The next slot is the later of the schedule's own and this pause.</summary>
    /// <remarks>
    /// Longer: a broken dependency has more time to recover. Shorter: the task recovers sooner. A success resets the pause.
    /// </remarks>
    /// <value>At least 1 millisecond. The default is null: failures do not change the cadence.</value>
    public TimeSpan? Initial { get; set; }

    /// <summary>The longest pause.</summary>
    /// <remarks>Longer: less load on a dependency that stays broken. Shorter: its recovery is noticed sooner.</remarks>
    /// <value>
    /// Not less than <see cref="Initial"/>; capped at 100 years. The default is 5 minutes.
    /// </value>
    public TimeSpan Max { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The factor by which each further failure lengthens the pause.</summary>
    /// <remarks>Higher: the pause reaches <see cref="Max"/> sooner. 1: all pauses are equal.</remarks>
    /// <value>At least 1. The default is 2.</value>
    public double Factor { get; set; } = 2;

    /// <summary>The random share of the pause: 0.2 draws from 80 % to 120 %.</summary>
    /// <remarks>Higher: many clients of a recovering server spread out. Lower: pauses are predictable.</remarks>
    /// <value>0 to 1. The default is 0.</value>
    public double Jitter { get; set; }
}
