namespace SafeLoop;

/// <summary>
/// Decides how many slots run at most when several came due before the loop could process them: the latest ones, in order.
/// </summary>
/// <remarks>
/// <c>RunQueue</c> applies it, and checks that each older slot lies within the window too: the gaps of a calendar differ.
/// </remarks>
internal static class MissedRule
{
    /// <param name="options">The task's policy, window and limit.</param>
    /// <param name="count">How many slots are due; at least 1.</param>
    /// <param name="lateness">How late the latest of them is.</param>
    /// <param name="gap">The distance from the latest to the next slot; null when the schedule has none.</param>
    public static long SlotsToRun(RecurringTaskOptions options, long count, TimeSpan lateness, TimeSpan? gap)
    {
        // A slot belongs to the half of the gap that is nearer to it: a tolerance that suits a second and a day.
        var window = options.Missed.Window ?? (options.Missed.Policy is MissedSlots.Skip ? gap / 2 : null);
        if (lateness > window)
            return 0;
        return options.Missed.Policy is MissedSlots.RunAll ? Math.Min(count, options.Missed.Max) : 1;
    }
}
