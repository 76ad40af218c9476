namespace SafeLoop;

/// <summary>
/// Decides how many slots run at most when several came due before the loop could process them: the latest ones, in order.
/// </summary>
/// <remarks>
/// <c>RunQueue</c> applies it. It also checks that each older slot lies within the window, because calendar slots are uneven.
/// </remarks>
internal static class MissedRule
{
    /// <summary>How late a slot may run; null: no limit.</summary>
    /// <param name="options">The task's policy, window and limit.</param>
    /// <param name="gap">The distance from the latest to the next slot; null when the schedule has none.</param>
    /// <param name="wasDown">True when the slots came due while no host was running.</param>
    public static TimeSpan? WindowOf(RecurringTaskOptions options, TimeSpan? gap, bool wasDown)
    {
        // Half of the gap is a tolerance that suits a period of a second as well as one of a day.
        var window = options.Missed.Window ?? (options.Missed.Policy is MissedSlots.Skip ? gap / 2 : null);
        return wasDown && !(window < options.SurviveRestarts) ? options.SurviveRestarts : window;
    }

    /// <param name="options">The task's policy and limit.</param>
    /// <param name="count">How many slots are due; at least 1.</param>
    /// <param name="lateness">How late the latest of them is.</param>
    /// <param name="window">How late a slot may run; null: no limit.</param>
    public static long SlotsToRun(RecurringTaskOptions options, long count, TimeSpan lateness, TimeSpan? window) =>
        lateness > window ? 0
        : options.Missed.Policy is MissedSlots.RunAll ? Math.Min(count, options.Missed.Max)
        : 1;
}
