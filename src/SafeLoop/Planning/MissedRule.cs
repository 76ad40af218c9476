namespace SafeLoop;

/// <summary>
/// Decides how many slots run at most when several came due before the loop could process them: the latest ones, in order.
/// </summary>
/// <remarks>
/// <c>RunQueue</c> applies it. It also checks that each older slot lies within the window, because calendar slots are uneven.
/// </remarks>
internal static class MissedRule
{
    /// <summary>The maximum number of slots that run.</summary>
    /// <param name="options">The task's policy, window and limit.</param>
    /// <param name="count">How many slots are due; at least 1.</param>
    /// <param name="lateness">How late the latest of them is.</param>
    /// <param name="gap">The distance from the latest to the next slot; null when the schedule has none.</param>
    public static long SlotsToRun(RecurringTaskOptions options, long count, TimeSpan lateness, TimeSpan? gap)
    {
        // Half of the gap is a tolerance that suits a period of a second as well as one of a day.
        var window = options.Missed.Window ?? (options.Missed.Policy is MissedSlots.Skip ? gap / 2 : null);
        if (lateness > window)
            return 0;
        return options.Missed.Policy is MissedSlots.RunAll ? Math.Min(count, options.Missed.Max) : 1;
    }
}
