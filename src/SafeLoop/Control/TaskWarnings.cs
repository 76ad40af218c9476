namespace SafeLoop;

/// <summary>What is allowed but most likely not meant, each as a sentence.</summary>
internal static class TaskWarnings
{
    public static IEnumerable<string> Of(RecurringTask task, DateTimeOffset now)
    {
        var options = task.Options;
        if (options.Timeout > options.Every)
        {
            yield return $"Recurring task '{task.Name}': Timeout ({options.Timeout}) is longer than Every ({options.Every}), "
                + "so slow iterations make later slots overlap. Raise Every or lower Timeout.";
        }
        if ((task.Schedule as CronDelay)?.WarningAt(now) is { } doubt)
            yield return $"Recurring task '{task.Name}': {doubt}";
        foreach (var warning in ExcludedTimes.Schedules(options).Select(schedule => schedule.WarningAt(now)).OfType<string>())
            yield return $"Recurring task '{task.Name}': Except: {warning}";
    }

    /// <summary>Those that come with a change.</summary>
    public static IEnumerable<string> New(RecurringTask before, RecurringTask after, DateTimeOffset now) =>
        Of(after, now).Except(Of(before, now));
}
